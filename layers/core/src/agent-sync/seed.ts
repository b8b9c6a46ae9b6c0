import { AGENT_PARTITION } from '#core/directory/agents.ts';
import { DUE_PARTITION, EXTENSION_POOL, numberOfKey } from '#core/directory/numbers.ts';
import { listUnusedExtensions, removeUnusedExtensions } from '#core/directory/pool.ts';
import { EMPTY_RANGES, parseRanges, type Ranges } from '#core/directory/ranges.ts';
import { POOL_RANGE_KEY } from '#core/directory/sync-state.ts';
import { type Directory, queryPartition, writeActions } from '#core/directory/table.ts';
import { addExtension } from '#core/directory/transitions.ts';
import { IF_ITEM_MISSING, ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { type Lease, LeaseLostError } from '#core/platform/jobs/lease.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import type { SeedRecord } from './state.ts';

export interface SeedResult {
  finished: boolean;
  added: number;
  removed: number;
  /** Extensions in use outside the range. They leave the pool when they are released. At most 100 are listed. */
  kept: { count: number; extensions: string[] };
}

/** Seeding stores its progress after this many numbers. */
const SEED_BATCH_SIZE = 2_000;
const SEED_CONCURRENCY = 16;
const MAX_KEPT_LISTED = 100;

/**
 * Makes the pool contain the ranges: adds missing extensions, removes unused ones outside the ranges, and never changes
 * an extension in use. Does nothing when the pool is known to contain the ranges. Continues where an interrupted run
 * stopped.
 *
 * @param stored the record that `readSyncState` found
 * @param options `stop`: true when there is no time left; `progress` gets the number of processed extensions
 * @throws {LeaseLostError} when another run holds the lease, or seeds another range
 */
export async function seedPool(
  directory: Directory,
  ranges: Ranges,
  stored: SeedRecord | undefined,
  lease: Lease,
  options: { stop?: () => boolean; progress?: (done: number, total: number) => void } = {},
): Promise<SeedResult> {
  const result: SeedResult = { finished: true, added: 0, removed: 0, kept: { count: 0, extensions: [] } };
  if (stored?.target === ranges.text && stored.completed === ranges.text) return result;

  await lease.hold();
  const record = stored?.target === ranges.text ? stored : await startSeeding(directory, ranges, stored);
  if (stored) {
    const { removed, finished } = await removeOutOfRangeExtensions(directory, ranges, lease, options.stop);
    result.removed = removed;
    if (!finished) return { ...result, finished };
    result.kept = await listOutOfRangeInUse(directory, ranges);
  }
  const { added, cursor } = await addExtensions(directory, ranges, record, lease, options);
  return { ...result, added, finished: cursor === ranges.count };
}

/** Stores the new target. From here on, no release returns an extension outside the new ranges to the pool. */
async function startSeeding(
  directory: Directory,
  ranges: Ranges,
  stored: SeedRecord | undefined,
): Promise<SeedRecord> {
  const completed = stored ? parseCompleted(stored).intersect(ranges).text : '';
  const record = { target: ranges.text, completed, cursor: 0 };
  const condition = stored ? ifAttributesAre({ target: stored.target }) : IF_ITEM_MISSING;
  const put = { TableName: directory.table, Item: { ...POOL_RANGE_KEY, ...record }, ...condition };
  const failed = await writeActions(directory, [{ Put: put }]);
  if (failed.length > 0) throw rangeChangedError();
  return record;
}

function parseCompleted({ completed }: SeedRecord): Ranges {
  return completed === '' ? EMPTY_RANGES : parseRanges(completed);
}

async function removeOutOfRangeExtensions(
  directory: Directory,
  ranges: Ranges,
  lease: Lease,
  stop: () => boolean = () => false,
): Promise<{ removed: number; finished: boolean }> {
  let total = 0;
  for await (const page of listUnusedExtensions(directory)) {
    const outside = page.filter((extension) => !ranges.includes(extension));
    if (outside.length === 0) continue;
    if (stop()) return { removed: total, finished: false };
    await lease.hold();
    const { removed, sameRange } = await removeUnusedExtensions(directory, outside, ranges.text);
    total += removed;
    if (!sameRange) throw rangeChangedError();
  }
  return { removed: total, finished: true };
}

async function addExtensions(
  directory: Directory,
  ranges: Ranges,
  record: SeedRecord,
  lease: Lease,
  { stop = () => false, progress = () => {} }: Parameters<typeof seedPool>[4] & object,
): Promise<{ added: number; cursor: number }> {
  const completed = parseCompleted(record);
  let { cursor } = record;
  let added = 0;
  while (cursor < ranges.count && !stop()) {
    await lease.hold();
    const batch = [...ranges.numbers(cursor).take(SEED_BATCH_SIZE)];
    const missing = batch.filter((number) => !completed.includes(number));
    await forEachConcurrent(missing, SEED_CONCURRENCY, async (number) => {
      const failed = await writeActions(directory, [addExtension(directory, number)]);
      if (failed.length === 0) added += 1;
    });
    cursor += batch.length;
    await saveCursor(directory, ranges, cursor);
    progress(cursor, ranges.count);
  }
  return { added, cursor };
}

async function saveCursor(
  directory: Directory,
  { text: target, count }: Ranges,
  cursor: number,
): Promise<void> {
  const update = updateExpression({
    set: { cursor, ...(cursor === count ? { completed: target } : {}) },
    when: ifAttributesAre({ target }),
  });
  const failed = await writeActions(directory, [
    { Update: { TableName: directory.table, Key: POOL_RANGE_KEY, ...update } },
  ]);
  if (failed.length > 0) throw rangeChangedError();
}

/** Lists the assigned, reserved, and quarantined extensions that the ranges no longer contain. */
async function listOutOfRangeInUse(directory: Directory, ranges: Ranges): Promise<SeedResult['kept']> {
  const kept: SeedResult['kept'] = { count: 0, extensions: [] };
  const check = (extension: string) => {
    if (ranges.includes(extension)) return;
    kept.count += 1;
    if (kept.extensions.length < MAX_KEPT_LISTED) kept.extensions.push(extension);
  };
  for await (const page of queryPartition(directory, AGENT_PARTITION, { attributes: ['extension'] })) {
    for (const item of page) check(String(item.extension));
  }
  for await (const page of queryPartition(directory, DUE_PARTITION, { attributes: ['pk', 'pool'] })) {
    for (const item of page) if (item.pool === EXTENSION_POOL) check(numberOfKey(String(item.pk)));
  }
  return kept;
}

function rangeChangedError(): LeaseLostError {
  return new LeaseLostError(
    'RANGE_CHANGED',
    'Another sync uses another extension range. Try again when it has ended.',
  );
}
