import { type Condition, IF_ITEM_MISSING, ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import {
  DIRECT_POOL,
  type DirectNumberDetails,
  type DirectoryNumber,
  EXTENSION_POOL,
  type NumberOwner,
  type NumberStatus,
  numberItem,
  numberKey,
  ownerAttributes,
  poolIndexKeys,
  STATUS_ATTRIBUTES,
  statusAttributes,
} from './numbers.ts';
import { POOL_RANGE_KEY } from './sync-state.ts';
import type { Directory, WriteAction } from './table.ts';

/** What a number becomes when its agent gives it up. */
export type NumberRelease =
  | { to: 'QUARANTINED'; dueAt: string }
  | { to: 'UNUSED' }
  /** The extension range no longer contains the number. Holds only while the stored range is still `target`. */
  | { to: 'REMOVED'; target: string };

/** A number in the state that a change was decided on: the attributes that tell the state apart from every other. */
export type NumberInState = { number: string; pool: string } & (
  | Exclude<NumberStatus, { state: 'ASSIGNED' }>
  | { state: 'ASSIGNED'; owner: Pick<NumberOwner, 'agentId'>; missingSince?: string }
);

/**
 * Changes any state into any other, while the number is still as `from` says. Attributes that do not belong to a state,
 * such as the phone number ID in Connect, stay.
 */
export function changeNumberState({ table }: Directory, from: NumberInState, to: NumberStatus): WriteAction {
  const set = statusAttributes(from.number, from.pool, to);
  const remove = STATUS_ATTRIBUTES.filter((name) => set[name] === undefined);
  const update = updateExpression({ set, remove, when: ifStateIs(from) });
  return { Update: { TableName: table, Key: numberKey(from.number), ...update } };
}

/** Removes a number from the directory, while it is still as `from` says. */
export function removeNumber({ table }: Directory, from: NumberInState): WriteAction {
  return { Delete: { TableName: table, Key: numberKey(from.number), ...ifStateIs(from) } };
}

/** Adds an extension to its pool: nothing → UNUSED. */
export function addExtension({ table }: Directory, number: string): WriteAction {
  return addNumber(table, { number, pool: EXTENSION_POOL, state: 'UNUSED' });
}

/** Adds a direct number to the directory: nothing → UNUSED or BLOCKED. */
export function addDirectNumber(
  { table }: Directory,
  number: string,
  details: DirectNumberDetails,
  status: Extract<NumberStatus, { state: 'UNUSED' | 'BLOCKED' }>,
): WriteAction {
  return addNumber(table, { number, pool: DIRECT_POOL, ...details, ...status });
}

function addNumber(table: string, record: DirectoryNumber): WriteAction {
  return {
    Put: { TableName: table, Item: numberItem(record), ...IF_ITEM_MISSING },
  };
}

/** UNUSED → ASSIGNED. */
export function assignNumber(
  directory: Directory,
  number: string,
  pool: string,
  owner: NumberOwner,
): WriteAction {
  return changeNumberState(directory, { number, pool, state: 'UNUSED' }, { state: 'ASSIGNED', owner });
}

/** ASSIGNED → ASSIGNED: the same agent with other names. */
export function renameOwner(
  { table }: Directory,
  number: string,
  pool: string,
  owner: NumberOwner,
): WriteAction {
  const { agentId, ...names } = ownerAttributes(owner);
  const update = updateExpression({
    // With the index keys: an assignment that was stored before it had index keys gets them here.
    set: { ...names, ...poolIndexKeys('ASSIGNED', pool, number) },
    when: ifAttributesAre({ state: 'ASSIGNED', agentId }),
  });
  return { Update: { TableName: table, Key: numberKey(number), ...update } };
}

/**
 * ASSIGNED → ASSIGNED: marks a number that the instance does not list, or clears the mark. The owner stays, because
 * another write may be renaming the agent at this moment.
 *
 * @param missingSince undefined when the instance lists the number again
 */
export function setMissingSince(
  { table }: Directory,
  from: Extract<NumberInState, { state: 'ASSIGNED' }>,
  missingSince: string | undefined,
): WriteAction {
  const update = updateExpression({ set: { missingSince }, when: ifStateIs(from) });
  return { Update: { TableName: table, Key: numberKey(from.number), ...update } };
}

/** ASSIGNED → QUARANTINED, UNUSED, or nothing: ends the assignment of a number. */
export function releaseNumber(
  directory: Directory,
  number: string,
  pool: string,
  agentId: string,
  release: NumberRelease,
): WriteAction[] {
  const from: NumberInState = { number, pool, state: 'ASSIGNED', owner: { agentId } };
  switch (release.to) {
    case 'REMOVED':
      return [removeNumber(directory, from), ifRangeUnchanged(directory, release.target)];
    case 'UNUSED':
      return [changeNumberState(directory, from, { state: 'UNUSED' })];
    case 'QUARANTINED':
      return [changeNumberState(directory, from, { state: 'QUARANTINED', dueAt: release.dueAt })];
  }
}

const DAY_MS = 86_400_000;

/**
 * Decides what a number becomes that is released now.
 *
 * @param now milliseconds since 1970
 * @param outsideOf the range of the pool, when it does not contain the extension
 */
export function planRelease(quarantineDays: number, now: number, outsideOf?: string): NumberRelease {
  if (quarantineDays > 0) {
    return { to: 'QUARANTINED', dueAt: new Date(now + quarantineDays * DAY_MS).toISOString() };
  }
  return outsideOf === undefined ? { to: 'UNUSED' } : { to: 'REMOVED', target: outsideOf };
}

/** Keeps a number from entering or leaving a pool whose range changes at the same moment. */
export function ifRangeUnchanged({ table }: Directory, target: string | undefined): WriteAction {
  const condition = target === undefined ? IF_ITEM_MISSING : ifAttributesAre({ target });
  return { ConditionCheck: { TableName: table, Key: POOL_RANGE_KEY, ...condition } };
}

/** The attributes that tell a state apart from the same state at another time. */
function ifStateIs(from: NumberInState): Required<Condition> {
  return ifAttributesAre({
    state: from.state,
    ...('dueAt' in from ? { dueAt: from.dueAt } : {}),
    ...('reservationId' in from ? { reservationId: from.reservationId } : {}),
    ...('owner' in from ? { agentId: from.owner.agentId } : {}),
    ...('missingSince' in from ? { missingSince: from.missingSince } : {}),
    ...('reason' in from ? { reason: from.reason } : {}),
  });
}
