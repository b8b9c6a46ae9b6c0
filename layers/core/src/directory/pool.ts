import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Outcome } from './assignments.ts';
import { EXTENSION_POOL, numberOfKey, SEED_KEY, unusedPartition } from './numbers.ts';
import { parseRanges, type Ranges } from './ranges.ts';
import { type Directory, queryIndex, write } from './table.ts';
import { removeUnusedNumber, whileTarget } from './transitions.ts';

/** What the pool of extensions shall hold, as the sync last wrote it down. */
export interface PoolRange {
  target?: string;
  ranges?: Ranges;
}

export async function readPoolRange({ client, table }: Directory): Promise<PoolRange> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: SEED_KEY, ConsistentRead: true }),
  );
  if (typeof Item?.target !== 'string') return {};
  return { target: Item.target, ranges: parseRanges(Item.target) };
}

/** Hands out unused extensions, the lowest first, each to one caller only. */
export interface Supply {
  take(): Promise<string | undefined>;
  /** An extension that was taken and then not needed. */
  giveBack(extension: string): void;
}

/** As many as one transaction carries beside the check of the range. */
const REMOVALS_AT_ONCE = 99;

/**
 * Opens the pool of unused extensions. The index may be behind the table, so whoever takes one still names the
 * state it leaves. Extensions outside of the ranges are taken out of the pool when they are met.
 *
 * @param page how many to read at once
 */
export function openSupply(directory: Directory, ranges: Ranges, page = 500): Supply {
  const pages = unusedExtensions(directory, page);
  const ready: string[] = [];
  let ended = false;
  let turn: Promise<unknown> = Promise.resolve();

  async function next(): Promise<string | undefined> {
    while (ready.length === 0 && !ended) {
      const { value, done } = await pages.next();
      if (done) ended = true;
      else ready.push(...(await keepInRange(directory, ranges, value)));
    }
    return ready.shift();
  }

  return {
    take() {
      const taken = turn.then(next);
      turn = taken.catch(() => undefined);
      return taken;
    },
    giveBack: (extension) => ready.unshift(extension),
  };
}

/**
 * Takes extensions until one is really free.
 *
 * @param take writes the assignment
 * @returns the extension, `NONE_LEFT`, or how else the write ended
 */
export async function takeFrom(
  supply: Supply,
  take: (extension: string) => Promise<Outcome>,
): Promise<{ extension: string } | 'NONE_LEFT' | Exclude<Outcome, 'DONE' | 'NUMBER_TAKEN'>> {
  for (;;) {
    const extension = await supply.take();
    if (extension === undefined) return 'NONE_LEFT';
    const outcome = await take(extension);
    if (outcome === 'DONE') return { extension };
    if (outcome === 'NUMBER_TAKEN') continue;
    supply.giveBack(extension);
    return outcome;
  }
}

/** Unused extensions in pages, in order. */
export async function* unusedExtensions(
  directory: Directory,
  page?: number,
): AsyncGenerator<string[], void, void> {
  const partition = unusedPartition(EXTENSION_POOL);
  const options = { attributes: ['pk'], ...(page === undefined ? {} : { page }) };
  for await (const items of queryIndex(directory, partition, options)) {
    yield items.map((item) => numberOfKey(String(item.pk)));
  }
}

/**
 * Counts the unused extensions of the ranges; the index may be a moment behind. Others, which a run with an older
 * range may have left behind, are taken out of the pool.
 */
export async function countUnused(directory: Directory, ranges: Ranges): Promise<number> {
  let count = 0;
  for await (const page of unusedExtensions(directory)) {
    count += (await keepInRange(directory, ranges, page)).length;
  }
  return count;
}

/**
 * Takes unused extensions out of the pool, as long as the pool's range is still `target`.
 *
 * @returns how many were removed, and whether the range was still the same
 */
export async function removeUnused(
  directory: Directory,
  extensions: string[],
  target: string,
): Promise<{ removed: number; sameRange: boolean }> {
  let removed = 0;
  for (let start = 0; start < extensions.length; start += REMOVALS_AT_ONCE) {
    let batch = extensions.slice(start, start + REMOVALS_AT_ONCE);
    while (batch.length > 0) {
      const failed = await write(directory, [
        ...batch.map((extension) => removeUnusedNumber(directory, extension, EXTENSION_POOL)),
        whileTarget(directory, target),
      ]);
      if (failed.includes(batch.length)) return { removed, sameRange: false };
      if (failed.length === 0) {
        removed += batch.length;
        break;
      }
      batch = batch.filter((_, position) => !failed.includes(position));
    }
  }
  return { removed, sameRange: true };
}

async function keepInRange(directory: Directory, ranges: Ranges, extensions: string[]): Promise<string[]> {
  const outside = extensions.filter((extension) => !ranges.includes(extension));
  if (outside.length > 0) await removeUnused(directory, outside, ranges.text);
  return extensions.filter((extension) => ranges.includes(extension));
}
