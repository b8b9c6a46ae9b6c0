import {
  type DirectoryNumber,
  DUE_PARTITION,
  numberFromItem,
  poolPartition,
} from '#core/directory/numbers.ts';
import { type Directory, queryPartition } from '#core/directory/table.ts';
import { invalidPageToken } from '#core/platform/page-token.ts';
import type { ListedNumber, NumberPage, NumbersQuery } from './phonebook.ts';

/** The items that one page reads at most. Reserved and quarantined numbers of all pools are in one partition. */
const MAX_ITEMS_READ = 2_000;
const DUE_PAGE_SIZE = 500;

export async function listNumbers(directory: Directory, query: NumbersQuery): Promise<NumberPage> {
  const { state, pool, limit, after } = query;
  const isDue = state === 'RESERVED' || state === 'QUARANTINED';
  const pages = queryPartition(directory, isDue ? DUE_PARTITION : poolPartition(state, pool), {
    ...(after === undefined ? {} : { from: firstSortKeyAfter(after) }),
    pageSize: isDue ? DUE_PAGE_SIZE : limit + 1,
  });
  const numbers: ListedNumber[] = [];
  let itemsRead = 0;
  let lastRead = '';
  for await (const items of pages) {
    for (const item of items) {
      if (numbers.length === limit || itemsRead === MAX_ITEMS_READ) return { numbers, next: lastRead };
      itemsRead += 1;
      lastRead = String(item.gsi1sk);
      const record = numberFromItem(item);
      if (record?.pool === pool && record.state === state) numbers.push(toListedNumber(record));
    }
  }
  return { numbers };
}

function toListedNumber(record: DirectoryNumber): ListedNumber {
  const { number: phoneNumber, pool, state } = record;
  return {
    ...{ phoneNumber, pool, state },
    ...(record.state === 'ASSIGNED' ? { userId: record.owner.agentId } : {}),
    ...(record.state === 'BLOCKED' ? { reason: record.reason } : {}),
    ...('dueAt' in record ? { dueAt: record.dueAt } : {}),
  };
}

/**
 * @param sortKey a number, or a time and a number: the sort keys of the index
 * @throws {InvalidInputError} `INVALID_TOKEN`
 */
function firstSortKeyAfter(sortKey: string): string {
  if (!/^([\dTZ:.-]{24}#)?\+?\d{1,15}$/.test(sortKey)) throw invalidPageToken();
  // A space sorts before every character of a longer sort key.
  return `${sortKey} `;
}
