import {
  DIRECT_POOL,
  type DirectNumberDetails,
  type DirectoryNumber,
  type NumberOwner,
  type NumberStatus,
  numberItem,
  numberKey,
  ownerAttributes,
  POOL_RANGE_KEY,
  poolIndexKeys,
  STATUS_ATTRIBUTES,
  statusAttributes,
} from './numbers.ts';
import type { Directory, WriteAction } from './table.ts';

/** What becomes of a number that its agent gives up. */
export type NumberRelease =
  | { to: 'QUARANTINED'; dueAt: string }
  | { to: 'UNUSED' }
  /** The pool of extensions no longer contains it. Holds only while the stored range is still `target`. */
  | { to: 'REMOVED'; target: string };

/** A number in the state that a change is decided on, as much of it as tells the state apart from any other. */
export type NumberInState = { number: string; pool: string } & (
  | Exclude<NumberStatus, { state: 'ASSIGNED' }>
  | { state: 'ASSIGNED'; owner: Pick<NumberOwner, 'agentId'>; missingSince?: string }
);

/**
 * From one state to another, whatever the states: holds only while the number is still as `from` says. What is no part
 * of the state, such as Connect's id of a direct number, stays.
 */
export function changeNumberState({ table }: Directory, from: NumberInState, to: NumberStatus): WriteAction {
  const set = statusAttributes(from.number, from.pool, to);
  const gone = STATUS_ATTRIBUTES.filter((name) => set[name] === undefined);
  const condition = ifStateIs(from);
  const assignments = Object.keys(set).map((name) => `#${name} = :${name}`);
  return {
    Update: {
      TableName: table,
      Key: numberKey(from.number),
      UpdateExpression: `SET ${assignments.join(', ')} REMOVE ${gone.map((name) => `#${name}`).join(', ')}`,
      ...condition,
      ExpressionAttributeNames: Object.fromEntries(STATUS_ATTRIBUTES.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}

/** From any state to nothing: holds only while the number is still as `from` says. */
export function removeNumber({ table }: Directory, from: NumberInState): WriteAction {
  return { Delete: { TableName: table, Key: numberKey(from.number), ...ifStateIs(from) } };
}

/** → UNUSED, from nothing: an extension joins its pool. */
export function addExtension({ table }: Directory, number: string, pool: string): WriteAction {
  return addNumber(table, { number, pool, state: 'UNUSED' });
}

/** → UNUSED or BLOCKED, from nothing: a direct number joins the directory. */
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
    Put: { TableName: table, Item: numberItem(record), ConditionExpression: 'attribute_not_exists(pk)' },
  };
}

/** UNUSED → nothing: a number leaves its pool. */
export function removeUnusedNumber(directory: Directory, number: string, pool: string): WriteAction {
  return removeNumber(directory, { number, pool, state: 'UNUSED' });
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

/** ASSIGNED → ASSIGNED: the same agent under another name. */
export function renameOwner(
  { table }: Directory,
  number: string,
  pool: string,
  owner: NumberOwner,
): WriteAction {
  // The keys of the index are written too: an assignment that is older than they are has none.
  const { agentId, ...set } = { ...ownerAttributes(owner), ...poolIndexKeys('ASSIGNED', pool, number) };
  return {
    Update: {
      TableName: table,
      Key: numberKey(number),
      UpdateExpression: `SET ${Object.keys(set)
        .map((name) => `${name} = :${name}`)
        .join(', ')}`,
      ConditionExpression: '#state = :assigned AND agentId = :agentId',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':assigned': 'ASSIGNED',
        ':agentId': agentId,
        ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}

/**
 * ASSIGNED → ASSIGNED: the instance does not tell of the number, or does again. What is known of its agent stays, since
 * somebody may be renaming the agent at this moment.
 *
 * @param missingSince undefined: it is there again
 */
export function setMissingSince(
  { table }: Directory,
  from: Extract<NumberInState, { state: 'ASSIGNED' }>,
  missingSince: string | undefined,
): WriteAction {
  const condition = ifStateIs(from);
  return {
    Update: {
      TableName: table,
      Key: numberKey(from.number),
      UpdateExpression:
        missingSince === undefined ? 'REMOVE #missingSince' : 'SET #missingSince = :missingSince',
      ...condition,
      ExpressionAttributeNames: { ...condition.ExpressionAttributeNames, '#missingSince': 'missingSince' },
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ...(missingSince === undefined ? {} : { ':missingSince': missingSince }),
      },
    },
  };
}

/** ASSIGNED → QUARANTINED, UNUSED or nothing: the agent gives its number up. */
export function freeNumber(
  directory: Directory,
  number: string,
  pool: string,
  agentId: string,
  freed: NumberRelease,
): WriteAction[] {
  const from: NumberInState = { number, pool, state: 'ASSIGNED', owner: { agentId } };
  if (freed.to === 'REMOVED')
    return [removeNumber(directory, from), ifRangeUnchanged(directory, freed.target)];
  const to: NumberStatus =
    freed.to === 'UNUSED' ? { state: 'UNUSED' } : { state: 'QUARANTINED', dueAt: freed.dueAt };
  return [changeNumberState(directory, from, to)];
}

const DAY_MS = 86_400_000;

/**
 * What becomes of a number that is given up now.
 *
 * @param now milliseconds since 1970
 * @param outsideOf the range of the pool, when that does not contain the extension
 */
export function planRelease(quarantineDays: number, now: number, outsideOf?: string): NumberRelease {
  if (quarantineDays > 0) {
    return { to: 'QUARANTINED', dueAt: new Date(now + quarantineDays * DAY_MS).toISOString() };
  }
  return outsideOf === undefined ? { to: 'UNUSED' } : { to: 'REMOVED', target: outsideOf };
}

/** Without it a number could slip back into, or out of, a pool that is being grown or shrunk at that moment. */
export function ifRangeUnchanged({ table }: Directory, target: string | undefined): WriteAction {
  const check = { TableName: table, Key: POOL_RANGE_KEY };
  if (target === undefined) {
    return { ConditionCheck: { ...check, ConditionExpression: 'attribute_not_exists(pk)' } };
  }
  return {
    ConditionCheck: {
      ...check,
      ConditionExpression: '#target = :target',
      ExpressionAttributeNames: { '#target': 'target' },
      ExpressionAttributeValues: { ':target': target },
    },
  };
}

/** What of a state tells it apart from the same state at another time. */
function ifStateIs(from: NumberInState) {
  const { state } = from;
  const expected = {
    state,
    ...('dueAt' in from ? { dueAt: from.dueAt } : {}),
    ...('reservationId' in from ? { reservationId: from.reservationId } : {}),
    ...('owner' in from ? { agentId: from.owner.agentId } : {}),
    ...('missingSince' in from ? { missingSince: from.missingSince } : {}),
    ...('reason' in from ? { reason: from.reason } : {}),
  };
  const names = Object.keys(expected);
  return {
    ConditionExpression: names.map((name) => `#${name} = :was_${name}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(expected).map(([name, value]) => [`:was_${name}`, value]),
    ),
  };
}
