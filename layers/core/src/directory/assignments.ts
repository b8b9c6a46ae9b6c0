import { IF_ITEM_MISSING } from '#core/platform/dynamodb/conditions.ts';
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
  fingerprintOf,
  getAgent,
  type SpelledDetails,
} from './agents.ts';
import { replaceNameRows } from './name-rows.ts';
import { DIRECT_POOL, EXTENSION_POOL } from './numbers.ts';
import { type Directory, type WriteAction, writeActions } from './table.ts';
import { assignNumber, type NumberRelease, releaseNumber, renameOwner } from './transitions.ts';

export type { ExpectedAgent } from './agent-actions.ts';

/** How a change ended. Every kind but `DONE` means that nothing was written. */
export type AssignmentOutcome =
  | { kind: 'DONE' }
  /** The agent differs from the expected one. Read it again and decide again. */
  | { kind: 'CONFLICT' }
  /** The number is not unused, or the range has changed. Assign another number. */
  | { kind: 'NUMBER_TAKEN' }
  /** The agent's number does not name the agent. No change of the directory leaves that behind. */
  | { kind: 'DAMAGED' };

/** Adds an agent, with an extension or on the waiting list. */
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
      ...IF_ITEM_MISSING,
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

/** Assigns an extension to a waiting agent. `details` belong to the agent's fingerprint. */
export async function assignExtension(
  directory: Directory,
  expected: ExpectedAgent,
  details: SpelledDetails,
  extension: string,
): Promise<AssignmentOutcome> {
  const failed = await writeActions(directory, [
    updateAgent(directory, expected, details, { extension }, expected.fingerprint),
    assignNumber(directory, extension, EXTENSION_POOL, ownerOf(details)),
    ...replaceNameRows(directory.table, details.agentId, [], details.spellings),
  ]);
  return toOutcome(failed, ['CONFLICT', 'NUMBER_TAKEN']);
}

/** Assigns another extension to an agent and releases the `old` one. The rows of the name stay. */
export async function reassignExtension(
  directory: Directory,
  expected: ExpectedAgent,
  details: AgentDetails,
  { old, extension, release }: { old: string; extension: string; release: NumberRelease },
): Promise<AssignmentOutcome> {
  const failed = await writeActions(directory, [
    updateAgent(directory, expected, details, { extension }, expected.fingerprint),
    assignNumber(directory, extension, EXTENSION_POOL, ownerOf(details)),
    ...releaseNumber(directory, old, EXTENSION_POOL, expected.agentId, release),
  ]);
  return toOutcome(failed, ['CONFLICT', 'NUMBER_TAKEN', 'DAMAGED', 'NUMBER_TAKEN']);
}

/** Updates an agent's details. The direct number, and the extension or the place on the waiting list, stay. */
export async function updateAgentDetails(
  directory: Directory,
  expected: ExpectedAgent,
  details: SpelledDetails,
): Promise<AssignmentOutcome> {
  const agent = await readAgentAsExpected(directory, expected);
  if (!agent) return { kind: 'CONFLICT' };
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
  return { kind: failed === 'extension' ? 'DAMAGED' : failed ? 'CONFLICT' : 'DONE' };
}

/**
 * Removes an agent with the rows of its name, and releases its numbers.
 *
 * @param release what the extension becomes; a direct number is in no range, so it is never removed
 */
export async function removeAgent(
  directory: Directory,
  expected: ExpectedAgent,
  release: NumberRelease,
): Promise<AssignmentOutcome> {
  const agent = await readAgentAsExpected(directory, expected);
  if (!agent) return { kind: 'CONFLICT' };
  const { agentId, directNumber } = agent;
  const { table: TableName } = directory;
  const extension = extensionOf(agent);
  const releaseDirect: NumberRelease = release.to === 'REMOVED' ? { to: 'UNUSED' } : release;
  const [free, ...rangeCheck] =
    extension === undefined ? [] : releaseNumber(directory, extension, EXTENSION_POOL, agentId, release);
  const names = extension === undefined ? [] : replaceNameRows(TableName, agentId, agent.spellings, []);
  const parts = {
    agent: [{ Delete: { TableName, Key: agentKey(agentId), ...ifAgentUnchanged(agent) } }],
    direct:
      directNumber === undefined
        ? []
        : releaseNumber(directory, directNumber, DIRECT_POOL, agentId, releaseDirect),
    extension: free ? [free] : [],
    rest: [...rangeCheck, ...names],
  };
  const failed = await writeParts(directory, parts);
  if (failed === 'direct') return repairDirectNumber(directory, agent);
  if (failed !== 'extension') return { kind: failed ? 'CONFLICT' : 'DONE' };
  // The extension does not name the agent, so it stays as it is.
  const failedAgain = await writeParts(directory, { ...parts, extension: [], rest: names });
  return { kind: failedAgain ? 'CONFLICT' : 'DONE' };
}

interface Parts {
  agent: WriteAction[];
  direct: WriteAction[];
  extension: WriteAction[];
  /** Rows of the name, and other conditions. */
  rest: WriteAction[];
}

/** @returns the first part whose condition failed; undefined when everything was written */
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
 * Removes a direct number from an agent that the number does not name, so that the agent can be changed and can get
 * another number. No change of the directory leaves such an agent behind.
 */
async function repairDirectNumber(directory: Directory, agent: ExpectedAgent): Promise<{ kind: 'CONFLICT' }> {
  await writeActions(directory, [setDirectNumber(directory, agent, undefined)]);
  return { kind: 'CONFLICT' };
}

/**
 * Reads the spellings and the direct number, which a snapshot lacks. The write that follows names fingerprint, extension,
 * and direct number in its condition; the first two determine the spellings.
 *
 * @returns undefined when the agent differs from the expected one
 */
async function readAgentAsExpected(
  directory: Directory,
  expected: ExpectedAgent,
): Promise<(ExpectedAgent & { spellings: readonly string[] }) | undefined> {
  const { spellings } = expected;
  if (spellings) return { ...expected, spellings };
  const agent = await getAgent(directory, expected.agentId, { consistent: true });
  const same = agent?.fingerprint === expected.fingerprint && extensionOf(agent) === extensionOf(expected);
  return same ? agent : undefined;
}

/** The first action whose condition failed decides the outcome. */
function toOutcome(failed: number[], meanings: AssignmentOutcome['kind'][]): AssignmentOutcome {
  const [first] = failed;
  return { kind: first === undefined ? 'DONE' : (meanings[first] ?? 'CONFLICT') };
}
