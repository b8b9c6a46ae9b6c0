import {
  type Agent,
  type AgentDetails,
  agentIndexKeys,
  agentItem,
  agentKey,
  extensionOf,
  getAgent,
  type Placement,
  type SpelledDetails,
} from './agents.ts';
import { fingerprintOf } from './fingerprint.ts';
import { moveNames } from './names/rows.ts';
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
  /** Absent in what a full run remembers; a change that touches the rows of the name then reads the agent. */
  spellings?: readonly string[];
}

/** A new agent, with an extension or waiting for one. */
export async function addAgent(
  directory: Directory,
  details: SpelledDetails,
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
  if (extension === undefined) return outcomeOf(await write(directory, [put]), ['AGENT_CHANGED']);
  const failed = await write(directory, [
    put,
    assignNumber(directory, extension, EXTENSION_POOL, ownerOf(details)),
    ...moveNames(directory.table, details.agentId, [], details.spellings),
  ]);
  return outcomeOf(failed, ['AGENT_CHANGED', 'NUMBER_TAKEN']);
}

/** A waiting agent gets an extension. `details` are those of the agent's fingerprint. */
export async function assignExtension(
  directory: Directory,
  known: KnownAgent,
  details: SpelledDetails,
  extension: string,
): Promise<Outcome> {
  const failed = await write(directory, [
    updateAgent(directory, known, details, { extension }, known.fingerprint),
    assignNumber(directory, extension, EXTENSION_POOL, ownerOf(details)),
    ...moveNames(directory.table, details.agentId, [], details.spellings),
  ]);
  return outcomeOf(failed, ['AGENT_CHANGED', 'NUMBER_TAKEN']);
}

/** An agent gets another extension and gives up the one it has, `old`, at once. The rows of its name stay. */
export async function moveExtension(
  directory: Directory,
  known: KnownAgent,
  details: AgentDetails,
  { old, extension, freed }: { old: string; extension: string; freed: Freed },
): Promise<Outcome> {
  const failed = await write(directory, [
    updateAgent(directory, known, details, { extension }, known.fingerprint),
    assignNumber(directory, extension, EXTENSION_POOL, ownerOf(details)),
    ...freeNumber(directory, old, EXTENSION_POOL, known.agentId, freed),
  ]);
  return outcomeOf(failed, ['AGENT_CHANGED', 'NUMBER_TAKEN', 'NUMBER_LOST', 'NUMBER_TAKEN']);
}

/** Renames an agent, or changes what it asks for; extension or place in the queue stay. */
export async function changeDetails(
  directory: Directory,
  known: KnownAgent,
  details: SpelledDetails,
): Promise<Outcome> {
  const update = updateAgent(directory, known, details, known.placement, fingerprintOf(details));
  const extension = extensionOf(known);
  if (extension === undefined) return outcomeOf(await write(directory, [update]), ['AGENT_CHANGED']);
  const before = await readSpellings(directory, known);
  if (!before) return 'AGENT_CHANGED';
  const failed = await write(directory, [
    update,
    renameOwner(directory, extension, ownerOf(details)),
    ...moveNames(directory.table, known.agentId, before, details.spellings),
  ]);
  return outcomeOf(failed, ['AGENT_CHANGED', 'NUMBER_LOST']);
}

/** Removes an agent who left, with the rows of its name, and frees its number. */
export async function releaseAgent(directory: Directory, known: KnownAgent, freed: Freed): Promise<Outcome> {
  const extension = extensionOf(known);
  const remove: Action = {
    Delete: { TableName: directory.table, Key: agentKey(known.agentId), ...unchanged(known) },
  };
  if (extension === undefined) return outcomeOf(await write(directory, [remove]), ['AGENT_CHANGED']);
  const spellings = await readSpellings(directory, known);
  if (!spellings) return 'AGENT_CHANGED';
  const free = freeNumber(directory, extension, EXTENSION_POOL, known.agentId, freed);
  const unlist = moveNames(directory.table, known.agentId, spellings, []);
  const outcome = outcomeOf(await write(directory, [remove, ...free, ...unlist]), [
    'AGENT_CHANGED',
    'NUMBER_LOST',
    'AGENT_CHANGED',
  ]);
  // The number was never the agent's: only the agent goes.
  if (outcome !== 'NUMBER_LOST') return outcome;
  return outcomeOf(await write(directory, [remove, ...unlist]), ['AGENT_CHANGED']);
}

/**
 * The rows that an agent with an extension has. The write that follows names fingerprint and extension in its
 * condition, and these two determine the rows.
 *
 * @returns undefined when the agent is not what is known of it any more
 */
async function readSpellings(
  directory: Directory,
  known: KnownAgent,
): Promise<readonly string[] | undefined> {
  if (known.spellings) return known.spellings;
  const agent = await getAgent(directory, known.agentId, { consistent: true });
  const same = agent?.fingerprint === known.fingerprint && extensionOf(agent) === extensionOf(known);
  return same ? agent.spellings : undefined;
}

function updateAgent(
  { table }: Directory,
  known: KnownAgent,
  details: AgentDetails | SpelledDetails,
  placement: Placement,
  fingerprint: string,
): Action {
  const { agentId, ...named } = details;
  const set: Record<string, unknown> = {
    ...named,
    ...placement,
    ...agentIndexKeys(placement, details.username),
    fingerprint,
  };
  const gone = [
    ...(details.preferred === undefined ? ['preferred'] : []),
    ...(details.unlisted === undefined ? ['unlisted'] : []),
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

function ownerOf({ agentId, arn, username, firstName, lastName }: AgentDetails) {
  return { agentId, arn, username, firstName, lastName };
}
