import {
  type ExpectedAgent,
  ifAgentUnchanged,
  ownerOf,
  setDirectNumber,
  updateAgent,
} from './agent-actions.ts';
import {
  type Agent,
  type AgentDetails,
  type AgentPlacement,
  agentItem,
  agentKey,
  extensionOf,
  getAgent,
  type SpelledDetails,
} from './agents.ts';
import { fingerprintOf } from './fingerprint.ts';
import { replaceNameRows } from './name-rows.ts';
import { DIRECT_POOL, EXTENSION_POOL } from './numbers.ts';
import { type Directory, type WriteAction, writeActions } from './table.ts';
import { assignNumber, freeNumber, type NumberRelease, renameOwner } from './transitions.ts';

export type { ExpectedAgent } from './agent-actions.ts';

/** How a change ended; everything but `DONE` means that nothing was written. */
export type AssignmentOutcome =
  | 'DONE'
  /** The agent is not, or no longer, what the change was decided on: read it again and decide again. */
  | 'CONFLICT'
  /** The number to take is not unused, or the range moved: take another, or come back later. */
  | 'NUMBER_TAKEN'
  /** The agent's own number does not name the agent. No change of ours ends like that. */
  | 'DAMAGED';

/** A new agent, with an extension or waiting for one. */
export async function addAgent(
  directory: Directory,
  details: SpelledDetails,
  placement: AgentPlacement,
  now: string,
): Promise<AssignmentOutcome> {
  const agent: Agent = { ...details, fingerprint: fingerprintOf(details), addedAt: now, placement };
  const put: WriteAction = {
    Put: {
      TableName: directory.table,
      Item: agentItem(agent),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
  const extension = extensionOf(agent);
  if (extension === undefined) return toOutcome(await writeActions(directory, [put]), ['CONFLICT']);
  const failed = await writeActions(directory, [
    put,
    assignNumber(directory, extension, EXTENSION_POOL, ownerOf(details)),
    ...replaceNameRows(directory.table, details.agentId, [], details.spellings),
  ]);
  return toOutcome(failed, ['CONFLICT', 'NUMBER_TAKEN']);
}

/** A waiting agent gets an extension. `details` are those of the agent's fingerprint. */
export async function assignExtension(
  directory: Directory,
  known: ExpectedAgent,
  details: SpelledDetails,
  extension: string,
): Promise<AssignmentOutcome> {
  const failed = await writeActions(directory, [
    updateAgent(directory, known, details, { extension }, known.fingerprint),
    assignNumber(directory, extension, EXTENSION_POOL, ownerOf(details)),
    ...replaceNameRows(directory.table, details.agentId, [], details.spellings),
  ]);
  return toOutcome(failed, ['CONFLICT', 'NUMBER_TAKEN']);
}

/** An agent gets another extension and gives up the one it has, `old`, at once. The rows of its name stay. */
export async function moveExtension(
  directory: Directory,
  known: ExpectedAgent,
  details: AgentDetails,
  { old, extension, freed }: { old: string; extension: string; freed: NumberRelease },
): Promise<AssignmentOutcome> {
  const failed = await writeActions(directory, [
    updateAgent(directory, known, details, { extension }, known.fingerprint),
    assignNumber(directory, extension, EXTENSION_POOL, ownerOf(details)),
    ...freeNumber(directory, old, EXTENSION_POOL, known.agentId, freed),
  ]);
  return toOutcome(failed, ['CONFLICT', 'NUMBER_TAKEN', 'DAMAGED', 'NUMBER_TAKEN']);
}

/** Renames an agent, or changes what it asks for; direct number, and extension or place in the queue, stay. */
export async function changeDetails(
  directory: Directory,
  known: ExpectedAgent,
  details: SpelledDetails,
): Promise<AssignmentOutcome> {
  const agent = await readAgentAsExpected(directory, known);
  if (!agent) return 'CONFLICT';
  const { agentId, placement, directNumber } = agent;
  const extension = extensionOf(agent);
  const condition = ifAgentUnchanged(agent);
  const update = updateAgent(directory, agent, details, placement, fingerprintOf(details), condition);
  const rename = (number: string, pool: string) => renameOwner(directory, number, pool, ownerOf(details));
  const failed = await writeParts(directory, {
    agent: [update],
    direct: directNumber === undefined ? [] : [rename(directNumber, DIRECT_POOL)],
    extension: extension === undefined ? [] : [rename(extension, EXTENSION_POOL)],
    rest:
      extension === undefined
        ? []
        : replaceNameRows(directory.table, agentId, agent.spellings, details.spellings),
  });
  if (failed === 'direct') return repairDirectNumber(directory, agent);
  return failed === 'extension' ? 'DAMAGED' : failed ? 'CONFLICT' : 'DONE';
}

/**
 * Removes an agent who left, with the rows of its name, and frees its numbers.
 *
 * @param freed what becomes of the extension; a direct number is in no range, so it is never removed
 */
export async function releaseAgent(
  directory: Directory,
  known: ExpectedAgent,
  freed: NumberRelease,
): Promise<AssignmentOutcome> {
  const agent = await readAgentAsExpected(directory, known);
  if (!agent) return 'CONFLICT';
  const { agentId, directNumber } = agent;
  const { table: TableName } = directory;
  const extension = extensionOf(agent);
  const freedDirect: NumberRelease = freed.to === 'REMOVED' ? { to: 'UNUSED' } : freed;
  const [free, ...whileInRange] =
    extension === undefined ? [] : freeNumber(directory, extension, EXTENSION_POOL, agentId, freed);
  const names = extension === undefined ? [] : replaceNameRows(TableName, agentId, agent.spellings, []);
  const parts = {
    agent: [{ Delete: { TableName, Key: agentKey(agentId), ...ifAgentUnchanged(agent) } }],
    direct:
      directNumber === undefined
        ? []
        : freeNumber(directory, directNumber, DIRECT_POOL, agentId, freedDirect),
    extension: free ? [free] : [],
    rest: [...whileInRange, ...names],
  };
  const failed = await writeParts(directory, parts);
  if (failed === 'direct') return repairDirectNumber(directory, agent);
  if (failed !== 'extension') return failed ? 'CONFLICT' : 'DONE';
  // The number was never the agent's: only the agent goes, with what is its own.
  return (await writeParts(directory, { ...parts, extension: [], rest: names })) ? 'CONFLICT' : 'DONE';
}

interface Parts {
  agent: WriteAction[];
  direct: WriteAction[];
  extension: WriteAction[];
  /** Rows of the name, and what must hold beside. */
  rest: WriteAction[];
}

/** @returns the first part of which a condition did not hold; undefined when all was written */
async function writeParts(directory: Directory, parts: Parts): Promise<keyof Parts | undefined> {
  const named = (['agent', 'direct', 'extension', 'rest'] as const).flatMap((part) =>
    parts[part].map((action) => ({ part, action })),
  );
  const [first] = await writeActions(
    directory,
    named.map(({ action }) => action),
  );
  return first === undefined ? undefined : (named[first]?.part ?? 'agent');
}

/**
 * The agent named a direct number that does not name the agent. No change of ours ends like that; the number is
 * forgotten, so that the agent can be changed and can get another.
 */
async function repairDirectNumber(directory: Directory, agent: ExpectedAgent): Promise<'CONFLICT'> {
  await writeActions(directory, [setDirectNumber(directory, agent, undefined)]);
  return 'CONFLICT';
}

/**
 * What a run does not remember of an agent: the rows of its name, and its direct number. The write that follows names
 * fingerprint, extension and direct number in its condition; the first two determine the rows.
 *
 * @returns undefined when the agent is not what is known of it any more
 */
async function readAgentAsExpected(
  directory: Directory,
  known: ExpectedAgent,
): Promise<(ExpectedAgent & { spellings: readonly string[] }) | undefined> {
  const { spellings } = known;
  if (spellings) return { ...known, spellings };
  const agent = await getAgent(directory, known.agentId, { consistent: true });
  const same = agent?.fingerprint === known.fingerprint && extensionOf(agent) === extensionOf(known);
  return same ? agent : undefined;
}

/** The first action that failed says how the change ended. */
function toOutcome(failed: number[], meanings: AssignmentOutcome[]): AssignmentOutcome {
  const [first] = failed;
  return first === undefined ? 'DONE' : (meanings[first] ?? 'CONFLICT');
}
