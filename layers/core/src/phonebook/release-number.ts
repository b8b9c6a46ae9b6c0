import { detailsOf, ifAgentUnchanged, setDirectNumber, updateAgent } from '#core/directory/agent-actions.ts';
import { type Agent, agentFromItem, agentKey, heldNumber } from '#core/directory/agents.ts';
import { replaceNameRows } from '#core/directory/name-rows.ts';
import { EXTENSION_POOL, numberFromItem, numberKey } from '#core/directory/numbers.ts';
import { readPoolRange } from '#core/directory/pool.ts';
import { markExportDue } from '#core/directory/sync-state.ts';
import {
  type Directory,
  directoryBusyError,
  readDirectoryItems,
  type WriteAction,
  writeActions,
} from '#core/directory/table.ts';
import { planRelease, releaseNumber } from '#core/directory/transitions.ts';
import { isoNow } from '#core/platform/clock.ts';
import { IF_ITEM_MISSING } from '#core/platform/dynamodb/conditions.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { ConflictError, NotFoundError } from '#core/platform/errors.ts';
import type { PhonebookContext, ReleaseRequest } from './phonebook.ts';

const MAX_ATTEMPTS = 8;

export async function releaseUserNumber(ctx: PhonebookContext, request: ReleaseRequest): Promise<void> {
  const { directory, clock } = ctx;
  const pool = await retryOnConflict(MAX_ATTEMPTS, async () => {
    const { pool, actions } = await buildRelease(ctx, request);
    const done = actions.length === 0 || (await writeActions(directory, actions)).length === 0;
    return done ? pool : CONFLICT;
  });
  if (pool === CONFLICT) throw directoryBusyError();
  // Also when nothing changed, because an earlier call may have ended between the change and this mark.
  if (pool === EXTENSION_POOL) await markExportDue(directory, isoNow(clock));
}

/** @returns no actions when the user no longer has the number */
async function buildRelease(
  ctx: PhonebookContext,
  { userId, phoneNumber }: ReleaseRequest,
): Promise<{ pool: string; actions: WriteAction[] }> {
  const { directory } = ctx;
  const items = await readDirectoryItems(directory, [agentKey(userId), numberKey(phoneNumber)]);
  const agent = agentFromItem(items.get(agentKey(userId).pk));
  const record = numberFromItem(items.get(numberKey(phoneNumber).pk));
  if (!record) {
    if (agent && (await isOutOfRange(directory, phoneNumber))) return { pool: EXTENSION_POOL, actions: [] };
    throw new NotFoundError('NUMBER_NOT_FOUND', 'The directory does not have this number.', {
      field: 'phoneNumber',
    });
  }
  const { pool } = record;
  const ownsNumber = record.state === 'ASSIGNED' && record.owner.agentId === userId;
  if (!agent && !ownsNumber) {
    throw new NotFoundError('USER_NOT_FOUND', 'The directory does not have this user.', { field: 'userId' });
  }
  if (record.state !== 'ASSIGNED') return { pool, actions: [] };
  if (!ownsNumber) {
    throw new ConflictError(
      'NUMBER_ASSIGNED_TO_OTHER_USER',
      'This number is assigned to another user. Send the userId of that user.',
      { field: 'userId' },
    );
  }
  return {
    pool,
    actions: [
      ...(await freeUserNumber(ctx, userId, phoneNumber, pool)),
      ...clearAgentNumber(ctx, userId, agent, phoneNumber, pool),
    ],
  };
}

/**
 * Whether releasing the number may have removed it from the directory, which happens to extensions outside the range.
 * Then a repeated release succeeds. Every other missing number is a mistake of the caller.
 */
async function isOutOfRange(directory: Directory, phoneNumber: string): Promise<boolean> {
  if (phoneNumber.startsWith('+')) return false;
  const { ranges } = await readPoolRange(directory);
  return ranges !== undefined && !ranges.includes(phoneNumber);
}

async function freeUserNumber(
  { directory, quarantineDays, clock }: PhonebookContext,
  userId: string,
  number: string,
  pool: string,
): Promise<WriteAction[]> {
  const { target, ranges } = pool === EXTENSION_POOL ? await readPoolRange(directory) : {};
  const outsideOf = ranges && !ranges.includes(number) ? target : undefined;
  return releaseNumber(directory, number, pool, userId, planRelease(quarantineDays, clock.now(), outsideOf));
}

/** An agent without an extension is on the waiting list, and callers cannot find it by name. */
function clearAgentNumber(
  { directory, clock }: PhonebookContext,
  userId: string,
  agent: Agent | undefined,
  number: string,
  pool: string,
): WriteAction[] {
  if (!agent || heldNumber(agent, pool) !== number) return [checkAgentUnchanged(directory, userId, agent)];
  if (pool !== EXTENSION_POOL) return [setDirectNumber(directory, agent, undefined)];
  const waiting = { waitingSince: isoNow(clock) };
  return [
    updateAgent(directory, agent, detailsOf(agent), waiting, agent.fingerprint),
    ...replaceNameRows(directory.table, agent.agentId, agent.spellings, []),
  ];
}

/** For a number whose owner does not have it. No change of Switchboard leaves such a number. */
function checkAgentUnchanged({ table }: Directory, userId: string, agent: Agent | undefined): WriteAction {
  const condition = agent ? ifAgentUnchanged(agent) : IF_ITEM_MISSING;
  return { ConditionCheck: { TableName: table, Key: agentKey(userId), ...condition } };
}
