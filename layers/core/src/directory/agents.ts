import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { DIRECT_POOL } from './numbers.ts';
import type { Directory } from './table.ts';
import { textAttribute } from './text.ts';

/** What Connect says about a user, as much of it as the directory keeps. */
export interface AgentDetails {
  agentId: string;
  arn: string;
  username: string;
  firstName: string;
  lastName: string;
  /** The extension that the user's tag `switchboard:extension` asks for. */
  preferredExtension?: string;
  /** The user's tag `switchboard:unlisted`: callers cannot find the agent by name. */
  unlisted?: true;
}

/** Details together with the keys by which callers find the name, see `names/spelling`. */
export interface SpelledDetails extends AgentDetails {
  /** While the agent has an extension there is a row for each. */
  spellings: readonly string[];
}

/** An agent has an extension, or waits for one. */
export type AgentPlacement = { extension: string } | { waitingSince: string };

/** An agent of the directory. */
export interface Agent extends SpelledDetails {
  /** Of the details; equal fingerprints need no write. */
  fingerprint: string;
  /** When the directory first knew the agent, as ISO time. */
  addedAt: string;
  placement: AgentPlacement;
  /** The direct number that reaches the agent, in E.164. */
  directNumber?: string;
}

/** Agents that have an extension, by user name. */
export const AGENT_PARTITION = 'AGENT';
/** Agents that have none, the one that waits longest first. */
export const WAITING_PARTITION = 'WAITING';

export function agentKey(agentId: string) {
  return { pk: `AGENT#${agentId}`, sk: 'AGENT' };
}

export function extensionOf({ placement }: { placement: AgentPlacement }): string | undefined {
  return 'extension' in placement ? placement.extension : undefined;
}

/** The agent's number of a pool. */
export function heldNumber(
  agent: Pick<Agent, 'placement' | 'directNumber'>,
  pool: string,
): string | undefined {
  return pool === DIRECT_POOL ? agent.directNumber : extensionOf(agent);
}

export function displayName(person: { firstName: string; lastName: string; username: string }): string {
  return `${person.firstName} ${person.lastName}`.trim() || person.username;
}

export function agentIndexKeys(placement: AgentPlacement, username: string) {
  return 'extension' in placement
    ? { gsi1pk: AGENT_PARTITION, gsi1sk: username }
    : { gsi1pk: WAITING_PARTITION, gsi1sk: `${placement.waitingSince}#${username}` };
}

export function agentItem(agent: Agent): Record<string, unknown> {
  const { placement, ...attributes } = agent;
  return {
    ...agentKey(agent.agentId),
    ...attributes,
    ...placement,
    ...agentIndexKeys(placement, agent.username),
  };
}

/** Undefined for an item that is no agent, whatever wrote it. */
export function agentFromItem(item: Record<string, unknown> | undefined): Agent | undefined {
  if (item?.sk !== 'AGENT' || typeof item.agentId !== 'string') return undefined;
  return {
    agentId: item.agentId,
    arn: textAttribute(item.arn),
    username: textAttribute(item.username),
    firstName: textAttribute(item.firstName),
    lastName: textAttribute(item.lastName),
    ...(typeof item.preferredExtension === 'string' ? { preferredExtension: item.preferredExtension } : {}),
    ...(item.unlisted === true ? { unlisted: true } : {}),
    spellings: Array.isArray(item.spellings) ? item.spellings.map(textAttribute) : [],
    fingerprint: textAttribute(item.fingerprint),
    addedAt: textAttribute(item.addedAt),
    placement:
      typeof item.extension === 'string'
        ? { extension: item.extension }
        : { waitingSince: textAttribute(item.waitingSince) },
    ...(typeof item.directNumber === 'string' ? { directNumber: item.directNumber } : {}),
  };
}

/**
 * Reads one agent by its Connect user id.
 *
 * @returns undefined when the directory does not know the id
 */
export async function getAgent(
  { client, table }: Directory,
  agentId: string,
  options: { consistent?: boolean; abortSignal?: AbortSignal } = {},
): Promise<Agent | undefined> {
  const { consistent = false, abortSignal } = options;
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: agentKey(agentId), ConsistentRead: consistent }),
    abortSignal ? { abortSignal } : {},
  );
  return agentFromItem(Item);
}
