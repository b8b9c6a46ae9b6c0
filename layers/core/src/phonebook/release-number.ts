import { detailsOf, ifAgentUnchanged, setDirectNumber, updateAgent } from '#core/directory/agent-actions.ts';
import { type Agent, agentFromItem, agentKey, heldNumber } from '#core/directory/agents.ts';
import { markExportDue } from '#core/directory/export-mark.ts';
import { replaceNameRows } from '#core/directory/name-rows.ts';
import { EXTENSION_POOL, numberFromItem, numberKey } from '#core/directory/numbers.ts';
import { readPoolRange } from '#core/directory/pool.ts';
import {
  type Directory,
  directoryBusyError,
  readDirectoryItems,
  type WriteAction,
  writeActions,
} from '#core/directory/table.ts';
import { planRelease, releaseNumber } from '#core/directory/transitions.ts';
import { ConflictError, NotFoundError } from '#core/platform/errors.ts';
import type { PhonebookContext, ReleaseRequest } from './phonebook.ts';

/** Each attempt that fails has met somebody who changed the same agent or number. */
const ATTEMPTS = 8;

export async function releaseUserNumber(work: PhonebookContext, request: ReleaseRequest): Promise<void> {
  const { directory, clock } = work;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { pool, actions } = await plan(work, request);
    if (actions.length > 0 && (await writeActions(directory, actions)).length > 0) continue;
    // After the change, and after every repetition: a process may have been killed in between.
    if (pool === EXTENSION_POOL) await markExportDue(directory, new Date(clock.now()).toISOString());
    return;
  }
  throw directoryBusyError();
}

/** What is to be written: nothing when the user does not have the number any more. */
async function plan(
  work: PhonebookContext,
  { userId, phoneNumber }: ReleaseRequest,
): Promise<{ pool: string; actions: WriteAction[] }> {
  const { directory } = work;
  const keys = [agentKey(userId), numberKey(phoneNumber)];
  const [agentItem, numberItem] = await readDirectoryItems(directory, keys).then((items) =>
    keys.map(({ pk }) => items.get(pk)),
  );
  const agent = agentFromItem(agentItem);
  const record = numberFromItem(numberItem);
  if (!record) {
    if (agent && (await hasLeft(directory, phoneNumber))) return { pool: EXTENSION_POOL, actions: [] };
    throw new NotFoundError('NUMBER_NOT_FOUND', 'The directory has no such number.', {
      field: 'phoneNumber',
    });
  }
  const { pool } = record;
  const theirs = record.state === 'ASSIGNED' && record.owner.agentId === userId;
  if (!agent && !theirs) {
    throw new NotFoundError('USER_NOT_FOUND', 'The directory has no such user.', { field: 'userId' });
  }
  if (record.state !== 'ASSIGNED') return { pool, actions: [] };
  if (!theirs) {
    throw new ConflictError('NUMBER_OF_ANOTHER_USER', 'This number belongs to another user.', {
      field: 'userId',
    });
  }
  const free = await freeOf(work, userId, phoneNumber, pool);
  return { pool, actions: [...free, ...letGo(work, userId, agent, phoneNumber, pool)] };
}

/**
 * Whether giving a number up may have taken it out of the directory, so that the same again is the same answer: that is
 * so of an extension outside of the range. Any other number that is not there is a mistake.
 */
async function hasLeft(directory: Directory, phoneNumber: string): Promise<boolean> {
  if (phoneNumber.startsWith('+')) return false;
  const { ranges } = await readPoolRange(directory);
  return ranges !== undefined && !ranges.includes(phoneNumber);
}

async function freeOf(
  { directory, quarantineDays, clock }: PhonebookContext,
  userId: string,
  number: string,
  pool: string,
): Promise<WriteAction[]> {
  const { target, ranges } = pool === EXTENSION_POOL ? await readPoolRange(directory) : {};
  const outsideOf = ranges && !ranges.includes(number) ? target : undefined;
  return releaseNumber(directory, number, pool, userId, planRelease(quarantineDays, clock.now(), outsideOf));
}

/** An agent without an extension waits for one, and is not found by name. */
function letGo(
  { directory, clock }: PhonebookContext,
  userId: string,
  agent: Agent | undefined,
  number: string,
  pool: string,
): WriteAction[] {
  if (!agent || heldNumber(agent, pool) !== number) return [stillNotNaming(directory, userId, agent)];
  if (pool !== EXTENSION_POOL) return [setDirectNumber(directory, agent, undefined)];
  const waiting = { waitingSince: new Date(clock.now()).toISOString() };
  return [
    updateAgent(directory, agent, detailsOf(agent), waiting, agent.fingerprint),
    ...replaceNameRows(directory.table, agent.agentId, agent.spellings, []),
  ];
}

/** The number names a user who does not name it, which no change of ours leaves behind. */
function stillNotNaming({ table }: Directory, userId: string, agent: Agent | undefined): WriteAction {
  const condition = agent ? ifAgentUnchanged(agent) : { ConditionExpression: 'attribute_not_exists(pk)' };
  return { ConditionCheck: { TableName: table, Key: agentKey(userId), ...condition } };
}
