import {
  DUE_PARTITION,
  numberFromItem,
  numberOfKey,
  poolPartition,
  unusedPartition,
} from '#core/directory/numbers.ts';
import { type Directory, type PartitionQuery, queryPartition } from '#core/directory/table.ts';
import type { NumberInState } from '#core/directory/transitions.ts';
import type { Clock } from '#core/platform/clock.ts';

/** The numbers of a pool that begin alike. */
export interface NumberRange {
  pool: string;
  /** Empty: all of the pool. */
  prefix: string;
}

/** A number that was free when the index was written, in the state that it is to leave. */
export type FreeNumber = Extract<NumberInState, { state: 'UNUSED' | 'RESERVED' }>;

const PAGE = 100;
/** About 40 read units for each refusal. */
const MOST_LOOKED_AT = 1_000;
/** Larger, because all who come when nothing else is free meet in its first page. */
const EXPIRED_PAGE = 500;
/** The ends of a section shape only where a pass begins, so they may be old. */
const ENDS_KEPT_MS = 60_000;

interface Ends {
  first: string;
  last: string;
  readAt: number;
}

/**
 * Finds what can be reserved. A pass begins at a random place of the section, goes round it once, shuffles page by
 * page, and ends with what expired reservations still hold: so those who reserve at the same time seldom want the same,
 * and the last number is found all the same. What fits into one page is read with one request.
 */
export function createFreeNumberSearch(directory: Directory, clock: Clock) {
  /** Of the sections that do not fit into one page. */
  const known = new Map<string, Ends>();

  /** One pass; the same number may come twice. */
  async function* pass(section: NumberRange): AsyncGenerator<FreeNumber, void, void> {
    const { from, upTo } = keysOf(section);
    const ends = knownEnds(section);
    const first = ends ? undefined : await readFirstPage(section);
    if (first && first.length < PAGE) {
      yield* shuffled(first, clock.random);
    } else {
      const { first: low, last: high } = ends ?? (await readEnds(section, first ?? []));
      const start = placeBetween(low, high, clock.random());
      yield* unused(section, { from: start, upTo });
      yield* unused(section, { from, upTo: start });
    }
    yield* expired(section);
  }

  function knownEnds(section: NumberRange): Ends | undefined {
    const ends = known.get(nameOf(section));
    return ends && clock.now() - ends.readAt < ENDS_KEPT_MS ? ends : undefined;
  }

  async function readEnds(section: NumberRange, firstPage: FreeNumber[]): Promise<Ends> {
    const first = firstPage[0]?.number ?? section.prefix;
    const backwards = { ...keysOf(section), pageSize: 1, descending: true };
    for await (const [last] of unusedPages(section, backwards)) {
      const ends = { first, last: last?.number ?? first, readAt: clock.now() };
      known.set(nameOf(section), ends);
      return ends;
    }
    return { first, last: first, readAt: 0 };
  }

  async function readFirstPage(section: NumberRange): Promise<FreeNumber[]> {
    for await (const page of unusedPages(section, { ...keysOf(section), pageSize: PAGE })) return page;
    return [];
  }

  async function* unused(section: NumberRange, range: { from: string; upTo: string }) {
    for await (const page of unusedPages(section, { ...range, pageSize: PAGE }))
      yield* shuffled(page, clock.random);
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

  async function* expired({ pool, prefix }: NumberRange) {
    const upTo = `${new Date(clock.now()).toISOString()}~`;
    for await (const items of queryPartition(directory, DUE_PARTITION, { upTo, pageSize: EXPIRED_PAGE })) {
      for (const item of shuffled(items, clock.random)) {
        const record = numberFromItem(item);
        if (record?.state !== 'RESERVED' || record.pool !== pool || !record.number.startsWith(prefix))
          continue;
        const { number, state, dueAt, reservationId } = record;
        yield { number, pool, state, dueAt, reservationId };
      }
    }
  }

  /**
   * Whether the section has numbers at all, in whatever state. What is reserved or quarantined is not in the order of the
   * numbers, so no more than `MOST_LOOKED_AT` of it is looked through; beyond that the answer is yes, because there may be.
   */
  async function hasNumbers({ pool, prefix }: NumberRange): Promise<boolean> {
    const keys = keysOf({ pool, prefix });
    for (const state of ['ASSIGNED', 'UNUSED', 'BLOCKED'] as const) {
      for await (const items of queryPartition(directory, poolPartition(state, pool), {
        ...keys,
        pageSize: 1,
      })) {
        if (items.length > 0) return true;
      }
    }
    let lookedAt = 0;
    const due = { attributes: ['pk', 'pool'], pageSize: MOST_LOOKED_AT / 2 };
    for await (const items of queryPartition(directory, DUE_PARTITION, due)) {
      const found = items.some(
        (item) => item.pool === pool && numberOfKey(String(item.pk)).startsWith(prefix),
      );
      lookedAt += items.length;
      if (found || lookedAt >= MOST_LOOKED_AT) return true;
    }
    return false;
  }

  return { pass, hasNumbers };
}

/** "~" sorts after every digit, a space before. */
function keysOf({ prefix }: NumberRange): { from: string; upTo: string } {
  return { from: prefix === '' ? ' ' : prefix, upTo: `${prefix}~` };
}

function nameOf({ pool, prefix }: NumberRange): string {
  return `${pool} ${prefix}`;
}

/** E.164 has 15 digits at most, and as many are exact in a number. */
const DIGITS = 15;

/**
 * A place between two numbers in the order of their digits, as text.
 *
 * @param share 0 ≤ share < 1
 */
export function placeBetween(first: string, last: string, share: number): string {
  const [low, high] = [first, last].map((number) => Number(number.replace('+', '').padEnd(DIGITS, '0')));
  const digits = String(Math.floor((low ?? 0) + share * ((high ?? 0) - (low ?? 0)))).padStart(DIGITS, '0');
  const sign = first.startsWith('+') ? '+' : '';
  return `${sign}${digits}`.slice(0, Math.max(first.length, last.length));
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const result = [...items];
  for (let end = result.length - 1; end > 0; end -= 1) {
    const other = Math.floor(random() * (end + 1));
    [result[end], result[other]] = [result[other] as Item, result[end] as Item];
  }
  return result;
}
