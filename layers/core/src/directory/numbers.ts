import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Action, Directory } from './table.ts';
import { text } from './text.ts';

/** Internal extensions are one pool; direct numbers will be another. */
export const EXTENSION_POOL = 'extension';

/** Whom a number reaches, as much of it as a transfer needs. */
export interface NumberOwner {
  agentId: string;
  arn: string;
  username: string;
  firstName: string;
  lastName: string;
}

/** A directory number in one of its states. Every change of state names the state it leaves. */
export type DirectoryNumber = { number: string; pool: string } & (
  | { state: 'UNUSED' }
  | { state: 'RESERVED' | 'QUARANTINED'; dueAt: string }
  | { state: 'ASSIGNED'; owner: NumberOwner }
  | { state: 'BLOCKED' }
);

/** What becomes of a number that its agent gives up. */
export type Freed =
  | { to: 'QUARANTINED'; dueAt: string }
  | { to: 'UNUSED' }
  /** The pool no longer contains it. Holds only while the stored range is still `target`. */
  | { to: 'REMOVED'; target: string };

export function numberKey(number: string) {
  return { pk: `NUMBER#${number}`, sk: 'NUMBER' };
}

export function numberOfKey(pk: string): string {
  return pk.slice('NUMBER#'.length);
}

export function unusedPartition(pool: string): string {
  return `UNUSED#${pool}`;
}

/** The partition of reserved and quarantined numbers, in the order in which they become due. */
export const DUE_PARTITION = 'DUE';

/** Where the range that the pool holds is recorded; see `sync/seed`. */
export const SEED_KEY = { pk: 'SYNC', sk: 'SEED' };

export function numberItem(record: DirectoryNumber): Record<string, unknown> {
  const { number, pool, state } = record;
  const item = { ...numberKey(number), pool, state };
  switch (record.state) {
    case 'UNUSED':
      return { ...item, gsi1pk: unusedPartition(pool), gsi1sk: number };
    case 'RESERVED':
    case 'QUARANTINED':
      return { ...item, dueAt: record.dueAt, gsi1pk: DUE_PARTITION, gsi1sk: `${record.dueAt}#${number}` };
    case 'ASSIGNED': {
      const { agentId, arn, username, firstName, lastName } = record.owner;
      return { ...item, agentId, agentArn: arn, username, firstName, lastName };
    }
    case 'BLOCKED':
      return item;
  }
}

/** Undefined for an item that is no number, whatever wrote it. */
export function numberFromItem(item: Record<string, unknown> | undefined): DirectoryNumber | undefined {
  if (typeof item?.pk !== 'string' || item.sk !== 'NUMBER') return undefined;
  const base = { number: numberOfKey(item.pk), pool: text(item.pool) };
  switch (item.state) {
    case 'UNUSED':
    case 'BLOCKED':
      return { ...base, state: item.state };
    case 'RESERVED':
    case 'QUARANTINED':
      return { ...base, state: item.state, dueAt: text(item.dueAt) };
    case 'ASSIGNED': {
      const owner = {
        agentId: text(item.agentId),
        arn: text(item.agentArn),
        username: text(item.username),
        firstName: text(item.firstName),
        lastName: text(item.lastName),
      };
      if (owner.agentId === '') return undefined;
      return { ...base, state: 'ASSIGNED', owner };
    }
    default:
      return undefined;
  }
}

export async function getNumber(
  { client, table }: Directory,
  number: string,
  options: { consistent?: boolean; abortSignal?: AbortSignal } = {},
): Promise<DirectoryNumber | undefined> {
  const { consistent = false, abortSignal } = options;
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: numberKey(number), ConsistentRead: consistent }),
    abortSignal ? { abortSignal } : {},
  );
  return numberFromItem(Item);
}

/** → UNUSED, from nothing: a number joins its pool. */
export function createNumber({ table }: Directory, number: string, pool: string): Action {
  return {
    Put: {
      TableName: table,
      Item: numberItem({ number, pool, state: 'UNUSED' }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** UNUSED → nothing: a number leaves its pool. */
export function removeUnusedNumber({ table }: Directory, number: string): Action {
  return { Delete: { TableName: table, Key: numberKey(number), ...whileIn('UNUSED') } };
}

/** UNUSED → ASSIGNED. */
export function assignNumber({ table }: Directory, number: string, pool: string, owner: NumberOwner): Action {
  return {
    Put: {
      TableName: table,
      Item: numberItem({ number, pool, state: 'ASSIGNED', owner }),
      ...whileIn('UNUSED'),
    },
  };
}

/** ASSIGNED → ASSIGNED: the same agent under another name. */
export function renameOwner({ table }: Directory, number: string, owner: NumberOwner): Action {
  return {
    Update: {
      TableName: table,
      Key: numberKey(number),
      UpdateExpression:
        'SET agentArn = :arn, username = :username, firstName = :firstName, lastName = :lastName',
      ConditionExpression: '#state = :assigned AND agentId = :agentId',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':assigned': 'ASSIGNED',
        ':agentId': owner.agentId,
        ':arn': owner.arn,
        ':username': owner.username,
        ':firstName': owner.firstName,
        ':lastName': owner.lastName,
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
  const { table: TableName } = directory;
  const condition = {
    ConditionExpression: '#state = :assigned AND agentId = :agentId',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':assigned': 'ASSIGNED', ':agentId': agentId },
  };
  if (freed.to === 'REMOVED') {
    const key = numberKey(number);
    return [{ Delete: { TableName, Key: key, ...condition } }, whileTarget(directory, freed.target)];
  }
  const record: DirectoryNumber =
    freed.to === 'UNUSED'
      ? { number, pool, state: 'UNUSED' }
      : { number, pool, state: 'QUARANTINED', dueAt: freed.dueAt };
  return [{ Put: { TableName, Item: numberItem(record), ...condition } }];
}

/** QUARANTINED → UNUSED, or → nothing when the pool no longer contains the number. */
export function endQuarantine(
  directory: Directory,
  { number, pool, dueAt }: { number: string; pool: string; dueAt: string },
  { target, keep }: { target: string | undefined; keep: boolean },
): Action[] {
  const { table: TableName } = directory;
  const condition = {
    ConditionExpression: '#state = :quarantined AND dueAt = :dueAt',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':quarantined': 'QUARANTINED', ':dueAt': dueAt },
  };
  const end: Action = keep
    ? { Put: { TableName, Item: numberItem({ number, pool, state: 'UNUSED' }), ...condition } }
    : { Delete: { TableName, Key: numberKey(number), ...condition } };
  return [end, whileTarget(directory, target)];
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

function whileIn(state: DirectoryNumber['state']) {
  return {
    ConditionExpression: '#state = :state',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':state': state },
  };
}
