import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { AssignmentOutcome } from './assignments.ts';
import { EXTENSION_POOL, numberOfKey, POOL_RANGE_KEY, unusedPartition } from './numbers.ts';
import { parseRanges, type Ranges } from './ranges.ts';
import { type Directory, queryPartition, writeActions } from './table.ts';
import { ifRangeUnchanged, removeUnusedNumber } from './transitions.ts';

/** What the pool of extensions shall hold, as the sync last wrote it down. */
export interface PoolRange {
  target?: string;
  ranges?: Ranges;
}

export async function readPoolRange({ client, table }: Directory): Promise<PoolRange> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: POOL_RANGE_KEY, ConsistentRead: true }),
  );
  if (typeof Item?.target !== 'string') return {};
  return { target: Item.target, ranges: parseRanges(Item.target) };
}

/** Hands out unused extensions, the lowest first, each to one caller only. */
export interface ExtensionAllocator {
  allocate(): Promise<string | undefined>;
  /** An extension that was taken and then not needed. */
  putBack(extension: string): void;
}

/** As many as one transaction carries beside the check of the range. */
const REMOVAL_BATCH_SIZE = 99;

/**
 * Opens the pool of unused extensions. The index may be behind the table, so whoever takes one still names the
 * state it leaves. Extensions outside of the ranges are taken out of the pool when they are met.
 *
 * @param page how many to read at once
 */
export function createExtensionAllocator(
  directory: Directory,
  ranges: Ranges,
  page = 500,
): ExtensionAllocator {
  const pages = listUnusedExtensions(directory, page);
  const ready: string[] = [];
  let ended = false;
  let turn: Promise<unknown> = Promise.resolve();

  async function next(): Promise<string | undefined> {
    while (ready.length === 0 && !ended) {
      const { value, done } = await pages.next();
      if (done) ended = true;
      else ready.push(...(await removeOutOfRange(directory, ranges, value)));
    }
    return ready.shift();
  }

  return {
    allocate() {
      const taken = turn.then(next);
      turn = taken.catch(() => undefined);
      return taken;
    },
    putBack: (extension) => ready.unshift(extension),
  };
}

/**
 * Takes extensions until one is really free.
 *
 * @param take writes the assignment
 * @returns the extension, `NONE_LEFT`, or how else the write ended
 */
export async function assignFromPool(
  supply: ExtensionAllocator,
  take: (extension: string) => Promise<AssignmentOutcome>,
): Promise<{ extension: string } | 'NONE_LEFT' | Exclude<AssignmentOutcome, 'DONE' | 'NUMBER_TAKEN'>> {
  for (;;) {
    const extension = await supply.allocate();
    if (extension === undefined) return 'NONE_LEFT';
    const outcome = await take(extension);
    if (outcome === 'DONE') return { extension };
    if (outcome === 'NUMBER_TAKEN') continue;
    supply.putBack(extension);
    return outcome;
  }
}

/** Unused extensions in pages, in order. */
export async function* listUnusedExtensions(
  directory: Directory,
  page?: number,
): AsyncGenerator<string[], void, void> {
  const partition = unusedPartition(EXTENSION_POOL);
  const options = { attributes: ['pk'], ...(page === undefined ? {} : { pageSize: page }) };
  for await (const items of queryPartition(directory, partition, options)) {
    yield items.map((item) => numberOfKey(String(item.pk)));
  }
}

/**
 * Counts the unused extensions of the ranges; the index may be a moment behind. Others, which a run with an older
 * range may have left behind, are taken out of the pool.
 */
export async function countUnusedExtensions(directory: Directory, ranges: Ranges): Promise<number> {
  let count = 0;
  for await (const page of listUnusedExtensions(directory)) {
    count += (await removeOutOfRange(directory, ranges, page)).length;
  }
  return count;
}

/**
 * Takes unused extensions out of the pool, as long as the pool's range is still `target`.
 *
 * @returns how many were removed, and whether the range was still the same
 */
export async function removeUnusedExtensions(
  directory: Directory,
  extensions: string[],
  target: string,
): Promise<{ removed: number; sameRange: boolean }> {
  let removed = 0;
  for (let start = 0; start < extensions.length; start += REMOVAL_BATCH_SIZE) {
    let batch = extensions.slice(start, start + REMOVAL_BATCH_SIZE);
    while (batch.length > 0) {
      const failed = await writeActions(directory, [
        ...batch.map((extension) => removeUnusedNumber(directory, extension, EXTENSION_POOL)),
        ifRangeUnchanged(directory, target),
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

async function removeOutOfRange(
  directory: Directory,
  ranges: Ranges,
  extensions: string[],
): Promise<string[]> {
  const outside = extensions.filter((extension) => !ranges.includes(extension));
  if (outside.length > 0) await removeUnusedExtensions(directory, outside, ranges.text);
  return extensions.filter((extension) => ranges.includes(extension));
}
