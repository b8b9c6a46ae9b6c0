import { GetCommand } from '@aws-sdk/lib-dynamodb';
import {
  type DirectoryNumber,
  DUE_PARTITION,
  type NumberState,
  numberFromItem,
  numberKey,
  poolPartition,
} from '#core/directory/numbers.ts';
import { type Directory, queryPartition } from '#core/directory/table.ts';
import { notOurToken } from '#core/platform/page-token.ts';
import type { ListedNumber, NumberPage, NumbersQuery } from './phonebook.ts';

/** A page looks through no more than this: what is reserved lies among what is quarantined. */
const MOST_LOOKED_AT = 2_000;
const LOOKED_AT_ONCE = 500;

export async function hasNumber({ client, table }: Directory, phoneNumber: string): Promise<boolean> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: numberKey(phoneNumber), ProjectionExpression: 'pk' }),
  );
  return Item !== undefined;
}

export async function listNumbers(directory: Directory, query: NumbersQuery): Promise<NumberPage> {
  const { state, pool, limit, after } = query;
  const { partition, mixed } = partitionOf(state, pool);
  const from = after === undefined ? {} : { from: justAfter(readPlace(after)) };
  const numbers: ListedNumber[] = [];
  let lookedAt = 0;
  let last = '';
  for await (const items of queryPartition(directory, partition, {
    ...from,
    pageSize: mixed ? LOOKED_AT_ONCE : limit + 1,
  })) {
    for (const item of items) {
      if (numbers.length === limit || lookedAt === MOST_LOOKED_AT) return { numbers, next: last };
      lookedAt += 1;
      last = String(item.gsi1sk);
      const record = numberFromItem(item);
      if (record?.pool === pool && record.state === state) numbers.push(listed(record));
    }
  }
  return { numbers };
}

function partitionOf(state: NumberState, pool: string): { partition: string; mixed: boolean } {
  if (state === 'RESERVED' || state === 'QUARANTINED') return { partition: DUE_PARTITION, mixed: true };
  return { partition: poolPartition(state, pool), mixed: false };
}

function listed(record: DirectoryNumber): ListedNumber {
  const { number: phoneNumber, pool, state } = record;
  return {
    ...{ phoneNumber, pool, state },
    ...(record.state === 'ASSIGNED' ? { userId: record.owner.agentId } : {}),
    ...(record.state === 'BLOCKED' ? { reason: record.reason } : {}),
    ...('dueAt' in record ? { dueAt: record.dueAt } : {}),
  };
}

/** A space sorts before whatever a sort key could go on with. */
function justAfter(sortKey: string): string {
  return `${sortKey} `;
}

/** A time and a number, or a number: as the index sorts them. */
function readPlace(after: string): string {
  if (/^([\dTZ:.-]{24}#)?\+?\d{1,15}$/.test(after)) return after;
  throw notOurToken();
}
