import {
  DIRECT_POOL,
  type DirectDetails,
  type DirectoryNumber,
  inPool,
  type NumberOwner,
  type NumberStatus,
  numberItem,
  numberKey,
  ownerAttributes,
  SEED_KEY,
  STATUS_ATTRIBUTES,
  statusAttributes,
} from './numbers.ts';
import type { Action, Directory } from './table.ts';

/** What becomes of a number that its agent gives up. */
export type Freed =
  | { to: 'QUARANTINED'; dueAt: string }
  | { to: 'UNUSED' }
  /** The pool of extensions no longer contains it. Holds only while the stored range is still `target`. */
  | { to: 'REMOVED'; target: string };

/** A number in the state that a change is decided on, as much of it as tells the state apart from any other. */
export type Leaving = { number: string; pool: string } & (
  | Exclude<NumberStatus, { state: 'ASSIGNED' }>
  | { state: 'ASSIGNED'; owner: Pick<NumberOwner, 'agentId'>; missedAt?: string }
);

/**
 * From one state to another, whatever the states: holds only while the number is still as `from` says. What is no part
 * of the state, such as Connect's id of a direct number, stays.
 */
export function changeState({ table }: Directory, from: Leaving, to: NumberStatus): Action {
  const set = statusAttributes(from.number, from.pool, to);
  const gone = STATUS_ATTRIBUTES.filter((name) => set[name] === undefined);
  const condition = whileStill(from);
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
export function removeNumber({ table }: Directory, from: Leaving): Action {
  return { Delete: { TableName: table, Key: numberKey(from.number), ...whileStill(from) } };
}

/** → UNUSED, from nothing: an extension joins its pool. */
export function createNumber({ table }: Directory, number: string, pool: string): Action {
  return create(table, { number, pool, state: 'UNUSED' });
}

/** → UNUSED or BLOCKED, from nothing: a direct number joins the directory. */
export function createDirectNumber(
  { table }: Directory,
  number: string,
  details: DirectDetails,
  status: Extract<NumberStatus, { state: 'UNUSED' | 'BLOCKED' }>,
): Action {
  return create(table, { number, pool: DIRECT_POOL, ...details, ...status });
}

function create(table: string, record: DirectoryNumber): Action {
  return {
    Put: { TableName: table, Item: numberItem(record), ConditionExpression: 'attribute_not_exists(pk)' },
  };
}

/** UNUSED → nothing: a number leaves its pool. */
export function removeUnusedNumber(directory: Directory, number: string, pool: string): Action {
  return removeNumber(directory, { number, pool, state: 'UNUSED' });
}

/** UNUSED → ASSIGNED. */
export function assignNumber(directory: Directory, number: string, pool: string, owner: NumberOwner): Action {
  return changeState(directory, { number, pool, state: 'UNUSED' }, { state: 'ASSIGNED', owner });
}

/** ASSIGNED → ASSIGNED: the same agent under another name. */
export function renameOwner({ table }: Directory, number: string, pool: string, owner: NumberOwner): Action {
  // The keys of the index are written too: an assignment that is older than they are has none.
  const { agentId, ...set } = { ...ownerAttributes(owner), ...inPool('ASSIGNED', pool, number) };
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
 * @param missedAt undefined: it is there again
 */
export function markMissed(
  { table }: Directory,
  from: Extract<Leaving, { state: 'ASSIGNED' }>,
  missedAt: string | undefined,
): Action {
  const condition = whileStill(from);
  return {
    Update: {
      TableName: table,
      Key: numberKey(from.number),
      UpdateExpression: missedAt === undefined ? 'REMOVE #missedAt' : 'SET #missedAt = :missedAt',
      ...condition,
      ExpressionAttributeNames: { ...condition.ExpressionAttributeNames, '#missedAt': 'missedAt' },
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ...(missedAt === undefined ? {} : { ':missedAt': missedAt }),
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
  freed: Freed,
): Action[] {
  const from: Leaving = { number, pool, state: 'ASSIGNED', owner: { agentId } };
  if (freed.to === 'REMOVED') return [removeNumber(directory, from), whileTarget(directory, freed.target)];
  const to: NumberStatus =
    freed.to === 'UNUSED' ? { state: 'UNUSED' } : { state: 'QUARANTINED', dueAt: freed.dueAt };
  return [changeState(directory, from, to)];
}

const DAY_MS = 86_400_000;

/**
 * What becomes of a number that is given up now.
 *
 * @param now milliseconds since 1970
 * @param outsideOf the range of the pool, when that does not contain the extension
 */
export function freedNow(quarantineDays: number, now: number, outsideOf?: string): Freed {
  if (quarantineDays > 0) {
    return { to: 'QUARANTINED', dueAt: new Date(now + quarantineDays * DAY_MS).toISOString() };
  }
  return outsideOf === undefined ? { to: 'UNUSED' } : { to: 'REMOVED', target: outsideOf };
}

/** Without it a number could slip back into, or out of, a pool that is being grown or shrunk at that moment. */
export function whileTarget({ table }: Directory, target: string | undefined): Action {
  const check = { TableName: table, Key: SEED_KEY };
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
function whileStill(from: Leaving) {
  const { state } = from;
  const expected = {
    state,
    ...('dueAt' in from ? { dueAt: from.dueAt } : {}),
    ...('reservationId' in from ? { reservationId: from.reservationId } : {}),
    ...('owner' in from ? { agentId: from.owner.agentId } : {}),
    ...('missedAt' in from ? { missedAt: from.missedAt } : {}),
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
