import { createHash } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { DIRECT_POOL } from './numbers.ts';
import { type Directory, queryPartition, textAttribute } from './table.ts';

/** A Connect user, as much of it as the directory keeps. */
export interface AgentDetails {
  agentId: string;
  arn: string;
  username: string;
  firstName: string;
  lastName: string;
  /** The extension that the user's tag `switchboard:extension` requests. */
  preferredExtension?: string;
  /** The user's tag `switchboard:unlisted`: callers cannot find the agent by name. */
  unlisted?: true;
}

/** Details with the keypad spellings of the name, see `name-spelling`. */
export interface SpelledDetails extends AgentDetails {
  /** While the agent has an extension, each spelling has a row. */
  spellings: readonly string[];
}

/** An agent has an extension, or waits for one since an ISO time. */
export type AgentPlacement = { extension: string } | { waitingSince: string };

/** An agent of the directory. */
export interface Agent extends SpelledDetails {
  /** The fingerprint of the details. While it is equal, the sync writes nothing. */
  fingerprint: string;
  /** When the agent was added, as ISO time. */
  addedAt: string;
  placement: AgentPlacement;
  /** The direct number that reaches the agent, in E.164. */
  directNumber?: string;
}

/** The index partition of the agents that have an extension, by user name. */
export const AGENT_PARTITION = 'AGENT';
/** The index partition of the waiting list: the longest wait first. */
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

/** Undefined for an item that is not an agent. */
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
 * A change of how agents or their numbers are written raises this version, so that the next sync writes every agent.
 * 1: rows of spellings. 2: index keys of assigned numbers.
 */
const FINGERPRINT_VERSION = 2;

/** 128 bits over everything that the directory keeps of a user, and over the version of the format. */
export function fingerprintOf(details: AgentDetails): string {
  const { arn, username, firstName, lastName, preferredExtension = null, unlisted = false } = details;
  const parts = [FINGERPRINT_VERSION, arn, username, firstName, lastName, preferredExtension, unlisted];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/**
 * Reads one agent by its Connect user ID.
 *
 * @returns undefined when the directory does not have the agent
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

/**
 * Finds agents whose user name begins with a prefix. The index may be a moment behind.
 *
 * @returns agents that have an extension, by user name
 */
export async function findAgentsByUsername(
  directory: Directory,
  prefix: string,
  options: { limit: number },
): Promise<Agent[]> {
  const found: Agent[] = [];
  // The highest code point sorts after every character that a name may continue with.
  const query = { from: prefix, upTo: `${prefix}\u{10ffff}`, pageSize: options.limit };
  for await (const page of queryPartition(directory, AGENT_PARTITION, query)) {
    found.push(...page.flatMap((item) => agentFromItem(item) ?? []));
    if (found.length >= options.limit) break;
  }
  return found.slice(0, options.limit);
}
