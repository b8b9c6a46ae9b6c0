import {
  DUE_PARTITION,
  numberFromItem,
  numberOfKey,
  poolPartition,
  unusedPartition,
} from '#core/directory/numbers.ts';
import { type Directory, type PartitionQuery, queryPartition } from '#core/directory/table.ts';
import type { NumberInState } from '#core/directory/transitions.ts';
import { type Clock, isoNow } from '#core/platform/clock.ts';

/** The numbers of a pool that begin with a prefix. */
export interface NumberRange {
  pool: string;
  /** Empty for all numbers of the pool. */
  prefix: string;
}

/** A number that was free when the index was written, in its state before the reservation. */
export type FreeNumber = Extract<NumberInState, { state: 'UNUSED' | 'RESERVED' }>;

const PAGE_SIZE = 100;
/** The items that `hasNumbers` reads at most: about 40 read units for each rejected request. */
const MAX_DUE_ITEMS_READ = 1_000;
/** Larger than `PAGE_SIZE`, because all requests read the same first page when nothing else is free. */
const EXPIRED_PAGE_SIZE = 500;
/** The ends of a range only decide where a search begins, so they may be old. */
const MAX_ENDS_AGE_MS = 60_000;

/** The first and the last unused number of a range. */
interface RangeEnds {
  first: string;
  last: string;
  readAt: number;
}

/**
 * Creates the search for numbers to reserve. A search begins at a random place of the range, goes round once, shuffles
 * each page, and ends with the numbers of expired reservations. So concurrent requests rarely want the same numbers, and
 * each of them still finds the last free number. A range that fits into one page takes one request.
 */
export function createFreeNumberSearch(directory: Directory, clock: Clock) {
  /** The ends of ranges that do not fit into one page. */
  const endsOfRanges = new Map<string, RangeEnds>();

  /** Finds free numbers. The same number may occur twice. */
  async function* findNumbers(range: NumberRange): AsyncGenerator<FreeNumber, void, void> {
    const { from, upTo } = sortKeysOf(range);
    const cached = cachedEnds(range);
    const firstPage = cached ? undefined : await readFirstPage(range);
    if (firstPage && firstPage.length < PAGE_SIZE) {
      yield* shuffle(firstPage, clock.random);
    } else {
      const { first, last } = cached ?? (await readEnds(range, firstPage ?? []));
      const start = interpolateNumber(first, last, clock.random());
      yield* findUnused(range, { from: start, upTo });
      yield* findUnused(range, { from, upTo: start });
    }
    yield* findExpired(range);
  }

  function cachedEnds(range: NumberRange): RangeEnds | undefined {
    const ends = endsOfRanges.get(cacheKeyOf(range));
    return ends && clock.now() - ends.readAt < MAX_ENDS_AGE_MS ? ends : undefined;
  }

  async function readEnds(range: NumberRange, firstPage: FreeNumber[]): Promise<RangeEnds> {
    const first = firstPage[0]?.number ?? range.prefix;
    const lastFirst = { ...sortKeysOf(range), pageSize: 1, descending: true };
    for await (const [last] of unusedPages(range, lastFirst)) {
      const ends = { first, last: last?.number ?? first, readAt: clock.now() };
      endsOfRanges.set(cacheKeyOf(range), ends);
      return ends;
    }
    return { first, last: first, readAt: 0 };
  }

  async function readFirstPage(range: NumberRange): Promise<FreeNumber[]> {
    for await (const page of unusedPages(range, { ...sortKeysOf(range), pageSize: PAGE_SIZE })) return page;
    return [];
  }

  async function* findUnused(range: NumberRange, sortKeys: { from: string; upTo: string }) {
    for await (const page of unusedPages(range, { ...sortKeys, pageSize: PAGE_SIZE })) {
      yield* shuffle(page, clock.random);
    }
  }

  async function* unusedPages(
    { pool }: NumberRange,
    query: PartitionQuery,
  ): AsyncGenerator<FreeNumber[], void, void> {
    const pages = queryPartition(directory, unusedPartition(pool), { ...query, attributes: ['pk'] });
    for await (const items of pages) {
      yield items.map(({ pk }) => ({ number: numberOfKey(String(pk)), pool, state: 'UNUSED' }));
    }
  }

  async function* findExpired({ pool, prefix }: NumberRange) {
    const upTo = `${isoNow(clock)}~`;
    const pages = queryPartition(directory, DUE_PARTITION, { upTo, pageSize: EXPIRED_PAGE_SIZE });
    for await (const items of pages) {
      for (const item of shuffle(items, clock.random)) {
        const record = numberFromItem(item);
        if (record?.state !== 'RESERVED' || record.pool !== pool || !record.number.startsWith(prefix))
          continue;
        const { number, state, dueAt, reservationId } = record;
        yield { number, pool, state, dueAt, reservationId };
      }
    }
  }

  /**
   * Whether the directory has numbers of the range, in any state. Reserved and quarantined numbers are not in the order of
   * the numbers, so at most `MAX_DUE_ITEMS_READ` of them are read. Beyond that the result is true, because there may be.
   */
  async function hasNumbers({ pool, prefix }: NumberRange): Promise<boolean> {
    const query = { ...sortKeysOf({ pool, prefix }), pageSize: 1 };
    for (const state of ['ASSIGNED', 'UNUSED', 'BLOCKED'] as const) {
      for await (const items of queryPartition(directory, poolPartition(state, pool), query)) {
        if (items.length > 0) return true;
      }
    }
    let itemsRead = 0;
    const due = { attributes: ['pk', 'pool'], pageSize: MAX_DUE_ITEMS_READ / 2 };
    for await (const items of queryPartition(directory, DUE_PARTITION, due)) {
      const found = items.some(
        (item) => item.pool === pool && numberOfKey(String(item.pk)).startsWith(prefix),
      );
      itemsRead += items.length;
      if (found || itemsRead >= MAX_DUE_ITEMS_READ) return true;
    }
    return false;
  }

  return { findNumbers, hasNumbers };
}

/** "~" sorts after every digit, a space before. */
function sortKeysOf({ prefix }: NumberRange): { from: string; upTo: string } {
  return { from: prefix === '' ? ' ' : prefix, upTo: `${prefix}~` };
}

function cacheKeyOf({ pool, prefix }: NumberRange): string {
  return `${pool} ${prefix}`;
}

/** The most digits of E.164. JavaScript numbers with 15 digits are exact. */
const MAX_DIGITS = 15;

/**
 * A number between two numbers in the order of their digits, as text.
 *
 * @param share 0 ≤ share < 1
 */
function interpolateNumber(first: string, last: string, share: number): string {
  const [low = 0, high = 0] = [first, last].map((number) =>
    Number(number.replace('+', '').padEnd(MAX_DIGITS, '0')),
  );
  const digits = String(Math.floor(low + share * (high - low))).padStart(MAX_DIGITS, '0');
  const sign = first.startsWith('+') ? '+' : '';
  return `${sign}${digits}`.slice(0, Math.max(first.length, last.length));
}

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  const result = [...items];
  for (let end = result.length - 1; end > 0; end -= 1) {
    const other = Math.floor(random() * (end + 1));
    [result[end], result[other]] = [result[other] as Item, result[end] as Item];
  }
  return result;
}
