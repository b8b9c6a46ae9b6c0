import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { chunks } from '#core/platform/chunks.ts';
import type { AssignmentOutcome } from './assignments.ts';
import { EXTENSION_POOL, numberOfKey, unusedPartition } from './numbers.ts';
import { parseRanges, type Ranges } from './ranges.ts';
import { POOL_RANGE_KEY } from './sync-state.ts';
import { type Directory, queryPartition, writeActions } from './table.ts';
import { ifRangeUnchanged, removeNumber } from './transitions.ts';

/** The range of the pool of extensions, as the sync last stored it. */
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

/** Allocates unused extensions, the lowest first, each to one caller only. */
export interface ExtensionAllocator {
  allocate(): Promise<string | undefined>;
  /** Returns an extension that was allocated and not assigned. */
  putBack(extension: string): void;
}

/** A transaction has 100 items, and one checks the range. */
const REMOVAL_BATCH_SIZE = 99;

/**
 * Creates an allocator of the unused extensions. The index may be behind the table, so the assignment still names the
 * state that it leaves. The allocator removes unused extensions outside the ranges from the pool.
 *
 * @param pageSize how many to read at once
 */
export function createExtensionAllocator(
  directory: Directory,
  ranges: Ranges,
  pageSize = 500,
): ExtensionAllocator {
  const pages = listUnusedExtensions(directory, pageSize);
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

/** How the attempt to assign the next extension ended. */
export type PoolOutcome =
  | { kind: 'ASSIGNED'; extension: string }
  | { kind: 'EXHAUSTED' }
  | Exclude<AssignmentOutcome, { kind: 'DONE' | 'NUMBER_TAKEN' }>;

/**
 * Assigns the next extension that is still unused.
 *
 * @param assign writes the assignment
 */
export async function assignFromPool(
  allocator: ExtensionAllocator,
  assign: (extension: string) => Promise<AssignmentOutcome>,
): Promise<PoolOutcome> {
  for (;;) {
    const extension = await allocator.allocate();
    if (extension === undefined) return { kind: 'EXHAUSTED' };
    const outcome = await assign(extension);
    if (outcome.kind === 'DONE') return { kind: 'ASSIGNED', extension };
    if (outcome.kind === 'NUMBER_TAKEN') continue;
    allocator.putBack(extension);
    return outcome;
  }
}

/** Lists the unused extensions in order, page by page. */
export async function* listUnusedExtensions(
  directory: Directory,
  pageSize?: number,
): AsyncGenerator<string[], void, void> {
  const partition = unusedPartition(EXTENSION_POOL);
  const options = { attributes: ['pk'], ...(pageSize === undefined ? {} : { pageSize }) };
  for await (const items of queryPartition(directory, partition, options)) {
    yield items.map((item) => numberOfKey(String(item.pk)));
  }
}

/**
 * Counts the unused extensions of the ranges. The index may be a moment behind. Removes unused extensions outside the
 * ranges, which a run with an older range may have left.
 */
export async function countUnusedExtensions(directory: Directory, ranges: Ranges): Promise<number> {
  let count = 0;
  for await (const page of listUnusedExtensions(directory)) {
    count += (await removeOutOfRange(directory, ranges, page)).length;
  }
  return count;
}

/**
 * Removes unused extensions from the pool while the pool's range is still `target`.
 *
 * @returns how many were removed, and whether the range is still the same
 */
export async function removeUnusedExtensions(
  directory: Directory,
  extensions: string[],
  target: string,
): Promise<{ removed: number; sameRange: boolean }> {
  let removed = 0;
  for (const chunk of chunks(extensions, REMOVAL_BATCH_SIZE)) {
    let batch = chunk;
    while (batch.length > 0) {
      const failed = await writeActions(directory, [
        ...batch.map((extension) =>
          removeNumber(directory, { number: extension, pool: EXTENSION_POOL, state: 'UNUSED' }),
        ),
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
