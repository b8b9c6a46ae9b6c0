import { AGENT_PARTITION } from '#core/directory/agents.ts';
import { DUE_PARTITION, EXTENSION_POOL, numberOfKey, POOL_RANGE_KEY } from '#core/directory/numbers.ts';
import { listUnusedExtensions, removeUnusedExtensions } from '#core/directory/pool.ts';
import { EMPTY_RANGES, parseRanges, type Ranges } from '#core/directory/ranges.ts';
import { type Directory, queryPartition, writeActions } from '#core/directory/table.ts';
import { addExtension } from '#core/directory/transitions.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { LeaseLostError, type SeedRecord, type SyncLease } from './state.ts';

/** What seeding did. */
export interface SeedResult {
  finished: boolean;
  added: number;
  removed: number;
  /** Outside of the range but in use: they leave when they are freed. At most `KEPT_SHOWN` are listed. */
  kept: { count: number; extensions: string[] };
}

/** Numbers between two notes of how far seeding is. */
const SEED_BATCH_SIZE = 2_000;
const SEED_CONCURRENCY = 16;
const MAX_KEPT_LISTED = 100;

/**
 * Makes the pool hold the ranges: adds what is missing, removes what is unused outside of them, and never touches
 * a number in use. Costs nothing when the pool is known to hold them; goes on where an earlier run was cut off.
 *
 * @param stored what `readState` found
 * @param stop true when there is no time left
 * @param progress told how many of the numbers have been gone through
 * @throws {LeaseLostError} when another run is at work
 */
export async function seedPool(
  directory: Directory,
  ranges: Ranges,
  stored: SeedRecord | undefined,
  lease: SyncLease,
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

/** From here on a number outside of the new range is not given back to the pool by anybody. */
async function startSeeding(
  directory: Directory,
  ranges: Ranges,
  stored: SeedRecord | undefined,
): Promise<SeedRecord> {
  const known = stored && stored.completed !== '' ? parseRanges(stored.completed) : EMPTY_RANGES;
  const record = { target: ranges.text, completed: known.intersect(ranges).text, cursor: 0 };
  const failed = await writeActions(directory, [
    {
      Put: {
        TableName: directory.table,
        Item: { ...POOL_RANGE_KEY, ...record },
        ...(stored
          ? {
              ConditionExpression: '#target = :stored',
              ExpressionAttributeNames: { '#target': 'target' },
              ExpressionAttributeValues: { ':stored': stored.target },
            }
          : { ConditionExpression: 'attribute_not_exists(pk)' }),
      },
    },
  ]);
  if (failed.length > 0) throw rangeChangedError();
  return record;
}

async function removeOutOfRangeExtensions(
  directory: Directory,
  ranges: Ranges,
  lease: SyncLease,
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
  lease: SyncLease,
  { stop = () => false, progress = () => {} }: Parameters<typeof seedPool>[4] & object,
): Promise<{ added: number; cursor: number }> {
  const held = record.completed === '' ? EMPTY_RANGES : parseRanges(record.completed);
  let { cursor } = record;
  let added = 0;
  while (cursor < ranges.count && !stop()) {
    await lease.hold();
    const chunk = [...ranges.numbers(cursor).take(SEED_BATCH_SIZE)];
    const missing = chunk.filter((number) => !held.includes(number));
    await forEachConcurrent(missing, SEED_CONCURRENCY, async (number) => {
      const failed = await writeActions(directory, [addExtension(directory, number)]);
      if (failed.length === 0) added += 1;
    });
    cursor += chunk.length;
    await saveCursor(directory, ranges, cursor);
    progress(cursor, ranges.count);
  }
  return { added, cursor };
}

async function saveCursor(directory: Directory, ranges: Ranges, cursor: number): Promise<void> {
  const done = cursor === ranges.count;
  const failed = await writeActions(directory, [
    {
      Update: {
        TableName: directory.table,
        Key: POOL_RANGE_KEY,
        UpdateExpression: `SET #cursor = :cursor${done ? ', completed = :target' : ''}`,
        ConditionExpression: '#target = :target',
        ExpressionAttributeNames: { '#cursor': 'cursor', '#target': 'target' },
        ExpressionAttributeValues: { ':cursor': cursor, ':target': ranges.text },
      },
    },
  ]);
  if (failed.length > 0) throw rangeChangedError();
}

/** Extensions of agents, and reserved or quarantined ones, that the ranges no longer contain. */
async function listOutOfRangeInUse(directory: Directory, ranges: Ranges): Promise<SeedResult['kept']> {
  const kept: SeedResult['kept'] = { count: 0, extensions: [] };
  const see = (extension: string) => {
    if (ranges.includes(extension)) return;
    kept.count += 1;
    if (kept.extensions.length < MAX_KEPT_LISTED) kept.extensions.push(extension);
  };
  for await (const page of queryPartition(directory, AGENT_PARTITION, { attributes: ['extension'] })) {
    for (const item of page) see(String(item.extension));
  }
  for await (const page of queryPartition(directory, DUE_PARTITION, { attributes: ['pk', 'pool'] })) {
    for (const item of page) if (item.pool === EXTENSION_POOL) see(numberOfKey(String(item.pk)));
  }
  return kept;
}

function rangeChangedError(): LeaseLostError {
  return new LeaseLostError('RANGE_CHANGED', 'Another sync is at work with another extension range.');
}
