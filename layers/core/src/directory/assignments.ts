import {
  type Agent,
  type AgentDetails,
  agentIndexKeys,
  agentItem,
  agentKey,
  extensionOf,
  fingerprintOf,
  type Placement,
} from './agents.ts';
import { assignNumber, EXTENSION_POOL, type Freed, freeNumber, renameOwner } from './numbers.ts';
import { type Action, type Directory, write } from './table.ts';

/** How a change ended; everything but `DONE` means that nothing was written. */
export type Outcome =
  | 'DONE'
  /** The agent is not, or no longer, what the change was decided on: read it again and decide again. */
  | 'AGENT_CHANGED'
  /** The number to take is not unused, or the range moved: take another, or come back later. */
  | 'NUMBER_TAKEN'
  /** The agent's own number does not name the agent. No change of ours ends like that. */
  | 'NUMBER_LOST';

/** What a change of an agent is decided on, and names in its condition. */
export interface KnownAgent {
  agentId: string;
  fingerprint: string;
  placement: Placement;
}

/** A new agent, with an extension or waiting for one. */
export async function addAgent(
  directory: Directory,
  details: AgentDetails,
  placement: Placement,
  now: string,
): Promise<Outcome> {
  const agent: Agent = { ...details, fingerprint: fingerprintOf(details), addedAt: now, placement };
  const put: Action = {
    Put: {
      TableName: directory.table,
      Item: agentItem(agent),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
  const extension = extensionOf(agent);
  const take =
    extension === undefined ? [] : [assignNumber(directory, extension, EXTENSION_POOL, withoutTag(details))];
  return outcomeOf(await write(directory, [put, ...take]), ['AGENT_CHANGED', 'NUMBER_TAKEN']);
}

/** A waiting agent gets an extension. `details` are those of the agent's fingerprint. */
export async function assignExtension(
  directory: Directory,
  known: KnownAgent,
  details: AgentDetails,
  extension: string,
): Promise<Outcome> {
  const failed = await write(directory, [
    updateAgent(directory, known, details, { extension }),
    assignNumber(directory, extension, EXTENSION_POOL, withoutTag(details)),
  ]);
  return outcomeOf(failed, ['AGENT_CHANGED', 'NUMBER_TAKEN']);
}

/** An agent gets another extension and gives up the one it has, at once. */
export async function moveExtension(
  directory: Directory,
  known: KnownAgent,
  details: AgentDetails,
  extension: string,
  freed: Freed,
): Promise<Outcome> {
  const old = extensionOf(known);
  if (old === undefined) return assignExtension(directory, known, details, extension);
  const failed = await write(directory, [
    updateAgent(directory, known, details, { extension }),
    assignNumber(directory, extension, EXTENSION_POOL, withoutTag(details)),
    ...freeNumber(directory, old, EXTENSION_POOL, known.agentId, freed),
  ]);
  return outcomeOf(failed, ['AGENT_CHANGED', 'NUMBER_TAKEN', 'NUMBER_LOST', 'NUMBER_TAKEN']);
}

/** Renames an agent, or changes what it asks for; extension or place in the queue stay. */
export async function changeDetails(
  directory: Directory,
  known: KnownAgent,
  details: AgentDetails,
): Promise<Outcome> {
  const extension = extensionOf(known);
  const failed = await write(directory, [
    updateAgent(directory, known, details, known.placement),
    ...(extension === undefined ? [] : [renameOwner(directory, extension, withoutTag(details))]),
  ]);
  return outcomeOf(failed, ['AGENT_CHANGED', 'NUMBER_LOST']);
}

/** Removes an agent who left and frees its number. */
export async function releaseAgent(directory: Directory, known: KnownAgent, freed: Freed): Promise<Outcome> {
  const extension = extensionOf(known);
  const remove: Action = {
    Delete: { TableName: directory.table, Key: agentKey(known.agentId), ...unchanged(known) },
  };
  const free =
    extension === undefined ? [] : freeNumber(directory, extension, EXTENSION_POOL, known.agentId, freed);
  const outcome = outcomeOf(await write(directory, [remove, ...free]), [
    'AGENT_CHANGED',
    'NUMBER_LOST',
    'AGENT_CHANGED',
  ]);
  // The number was never the agent's: only the agent goes.
  if (outcome !== 'NUMBER_LOST') return outcome;
  return outcomeOf(await write(directory, [remove]), ['AGENT_CHANGED']);
}

function updateAgent(
  { table }: Directory,
  known: KnownAgent,
  details: AgentDetails,
  placement: Placement,
): Action {
  const { agentId, preferred, ...named } = details;
  const set: Record<string, unknown> = {
    ...named,
    ...(preferred === undefined ? {} : { preferred }),
    ...placement,
    ...agentIndexKeys(placement, details.username),
    fingerprint: fingerprintOf(details),
  };
  const gone = [
    ...(preferred === undefined ? ['preferred'] : []),
    'extension' in placement ? 'waitingSince' : 'extension',
  ];
  const condition = unchanged(known);
  return {
    Update: {
      TableName: table,
      Key: agentKey(agentId),
      UpdateExpression: `SET ${Object.keys(set)
        .map((name) => `${name} = :${name}`)
        .join(', ')} REMOVE ${gone.join(', ')}`,
      ConditionExpression: condition.ConditionExpression,
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}

function unchanged({ fingerprint, placement }: KnownAgent) {
  if ('extension' in placement) {
    return {
      ConditionExpression: 'fingerprint = :knownFingerprint AND extension = :knownExtension',
      ExpressionAttributeValues: {
        ':knownFingerprint': fingerprint,
        ':knownExtension': placement.extension,
      },
    };
  }
  return {
    ConditionExpression: 'fingerprint = :knownFingerprint AND attribute_not_exists(extension)',
    ExpressionAttributeValues: { ':knownFingerprint': fingerprint },
  };
}

/** The first action that failed says how the change ended. */
function outcomeOf(failed: number[], meanings: Outcome[]): Outcome {
  const [first] = failed;
  return first === undefined ? 'DONE' : (meanings[first] ?? 'AGENT_CHANGED');
}

function withoutTag({ agentId, arn, username, firstName, lastName }: AgentDetails) {
  return { agentId, arn, username, firstName, lastName };
}
