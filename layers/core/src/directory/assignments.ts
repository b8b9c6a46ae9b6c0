import {
  type KnownAgent,
  ownerOf,
  setDirectNumber,
  unchangedWithDirect,
  updateAgent,
} from './agent-actions.ts';
import {
  type Agent,
  type AgentDetails,
  agentItem,
  agentKey,
  extensionOf,
  getAgent,
  type Placement,
  type SpelledDetails,
} from './agents.ts';
import { fingerprintOf } from './fingerprint.ts';
import { moveNames } from './name-rows.ts';
import { DIRECT_POOL, EXTENSION_POOL } from './numbers.ts';
import { type Action, type Directory, write } from './table.ts';
import { assignNumber, type Freed, freeNumber, renameOwner } from './transitions.ts';

export type { KnownAgent } from './agent-actions.ts';

/** How a change ended; everything but `DONE` means that nothing was written. */
export type Outcome =
  | 'DONE'
  /** The agent is not, or no longer, what the change was decided on: read it again and decide again. */
  | 'AGENT_CHANGED'
  /** The number to take is not unused, or the range moved: take another, or come back later. */
  | 'NUMBER_TAKEN'
  /** The agent's own number does not name the agent. No change of ours ends like that. */
  | 'NUMBER_LOST';

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

/** Renames an agent, or changes what it asks for; direct number, and extension or place in the queue, stay. */
export async function changeDetails(
  directory: Directory,
  known: KnownAgent,
  details: SpelledDetails,
): Promise<Outcome> {
  const agent = await readRest(directory, known);
  if (!agent) return 'AGENT_CHANGED';
  const { agentId, placement, directNumber } = agent;
  const extension = extensionOf(agent);
  const condition = unchangedWithDirect(agent);
  const update = updateAgent(directory, agent, details, placement, fingerprintOf(details), condition);
  const rename = (number: string, pool: string) => renameOwner(directory, number, pool, ownerOf(details));
  const failed = await writeParts(directory, {
    agent: [update],
    direct: directNumber === undefined ? [] : [rename(directNumber, DIRECT_POOL)],
    extension: extension === undefined ? [] : [rename(extension, EXTENSION_POOL)],
    rest:
      extension === undefined ? [] : moveNames(directory.table, agentId, agent.spellings, details.spellings),
  });
  if (failed === 'direct') return forgetDirectNumber(directory, agent);
  return failed === 'extension' ? 'NUMBER_LOST' : failed ? 'AGENT_CHANGED' : 'DONE';
}

/**
 * Removes an agent who left, with the rows of its name, and frees its numbers.
 *
 * @param freed what becomes of the extension; a direct number is in no range, so it is never removed
 */
export async function releaseAgent(directory: Directory, known: KnownAgent, freed: Freed): Promise<Outcome> {
  const agent = await readRest(directory, known);
  if (!agent) return 'AGENT_CHANGED';
  const { agentId, directNumber } = agent;
  const { table: TableName } = directory;
  const extension = extensionOf(agent);
  const freedDirect: Freed = freed.to === 'REMOVED' ? { to: 'UNUSED' } : freed;
  const [free, ...whileInRange] =
    extension === undefined ? [] : freeNumber(directory, extension, EXTENSION_POOL, agentId, freed);
  const names = extension === undefined ? [] : moveNames(TableName, agentId, agent.spellings, []);
  const parts = {
    agent: [{ Delete: { TableName, Key: agentKey(agentId), ...unchangedWithDirect(agent) } }],
    direct:
      directNumber === undefined
        ? []
        : freeNumber(directory, directNumber, DIRECT_POOL, agentId, freedDirect),
    extension: free ? [free] : [],
    rest: [...whileInRange, ...names],
  };
  const failed = await writeParts(directory, parts);
  if (failed === 'direct') return forgetDirectNumber(directory, agent);
  if (failed !== 'extension') return failed ? 'AGENT_CHANGED' : 'DONE';
  // The number was never the agent's: only the agent goes, with what is its own.
  return (await writeParts(directory, { ...parts, extension: [], rest: names })) ? 'AGENT_CHANGED' : 'DONE';
}

interface Parts {
  agent: Action[];
  direct: Action[];
  extension: Action[];
  /** Rows of the name, and what must hold beside. */
  rest: Action[];
}

/** @returns the first part of which a condition did not hold; undefined when all was written */
async function writeParts(directory: Directory, parts: Parts): Promise<keyof Parts | undefined> {
  const named = (['agent', 'direct', 'extension', 'rest'] as const).flatMap((part) =>
    parts[part].map((action) => ({ part, action })),
  );
  const [first] = await write(
    directory,
    named.map(({ action }) => action),
  );
  return first === undefined ? undefined : (named[first]?.part ?? 'agent');
}

/**
 * The agent named a direct number that does not name the agent. No change of ours ends like that; the number is
 * forgotten, so that the agent can be changed and can get another.
 */
async function forgetDirectNumber(directory: Directory, agent: KnownAgent): Promise<'AGENT_CHANGED'> {
  await write(directory, [setDirectNumber(directory, agent, undefined)]);
  return 'AGENT_CHANGED';
}

/**
 * What a run does not remember of an agent: the rows of its name, and its direct number. The write that follows names
 * fingerprint, extension and direct number in its condition; the first two determine the rows.
 *
 * @returns undefined when the agent is not what is known of it any more
 */
async function readRest(
  directory: Directory,
  known: KnownAgent,
): Promise<(KnownAgent & { spellings: readonly string[] }) | undefined> {
  const { spellings } = known;
  if (spellings) return { ...known, spellings };
  const agent = await getAgent(directory, known.agentId, { consistent: true });
  const same = agent?.fingerprint === known.fingerprint && extensionOf(agent) === extensionOf(known);
  return same ? agent : undefined;
}

/** The first action that failed says how the change ended. */
function outcomeOf(failed: number[], meanings: Outcome[]): Outcome {
  const [first] = failed;
  return first === undefined ? 'DONE' : (meanings[first] ?? 'AGENT_CHANGED');
}
