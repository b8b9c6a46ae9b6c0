import {
  type DirectoryNumber,
  DUE_PARTITION,
  EXTENSION_POOL,
  numberFromItem,
} from '#core/directory/numbers.ts';
import { openSupply, type PoolRange, readPoolRange } from '#core/directory/pool.ts';
import { type Directory, queryIndex, write } from '#core/directory/table.ts';
import { changeState, removeNumber, whileTarget } from '#core/directory/transitions.ts';
import { serveWaiting } from '#core/directory/waiting-list.ts';
import { eachParallel } from '#core/platform/resilience/concurrency.ts';

/** What a sweep did. */
export interface SweepResult {
  status: 'DONE' | 'PARTIAL';
  counts: {
    /** Quarantines that ended: the number is unused again. */
    freed: number;
    /** Numbers that nobody chose before their reservation expired: they are unused again. */
    expired: number;
    /** Quarantines and reservations that ended with an extension that the range no longer contains. */
    removed: number;
    /** Agents who had waited and got an extension. */
    served: number;
  };
}

/** True when there is no time left. */
export interface SweepStops {
  /** … to end what is due. What is left over is for those who wait. */
  ending?: () => boolean;
  /** … for anything. */
  all?: () => boolean;
}

const PARALLEL = 16;
const never = () => false;

/**
 * Ends what is due, as far as there is time for it, then gives unused extensions to the agents who wait. Sweeps may run
 * side by side, and one that is killed is continued by the next: each number is one write.
 *
 * @param now milliseconds since 1970
 */
export async function sweepNumbers(
  directory: Directory,
  now: number,
  { ending = never, all = never }: SweepStops = {},
): Promise<SweepResult> {
  const counts = { freed: 0, expired: 0, removed: 0, served: 0 };
  let pool = await readPoolRange(directory);
  const finished = await eachParallel(
    dueNumbers(directory, now),
    PARALLEL,
    async (record) => {
      const ended = await endOne(directory, record, pool);
      if (ended === 'RANGE_CHANGED') pool = await readPoolRange(directory);
      else if (ended) counts[ended] += 1;
    },
    ending,
  );
  if (pool.ranges) {
    const served = () => {
      counts.served += 1;
    };
    await serveWaiting(directory, pool.ranges, openSupply(directory, pool.ranges, 100), served, all);
  }
  return { status: finished && !all() ? 'DONE' : 'PARTIAL', counts };
}

type DueNumber = DirectoryNumber & { state: 'RESERVED' | 'QUARANTINED' };

async function* dueNumbers(directory: Directory, now: number): AsyncGenerator<DueNumber, void, void> {
  // "~" sorts after every number that becomes due in this very millisecond.
  const upTo = `${new Date(now).toISOString()}~`;
  for await (const page of queryIndex(directory, DUE_PARTITION, { upTo, page: 200 })) {
    for (const record of page.map(numberFromItem)) {
      if (record?.state === 'QUARANTINED' || record?.state === 'RESERVED') yield record;
    }
  }
}

/** A range that changes in this moment leaves the number to the next sweep. */
async function endOne(
  directory: Directory,
  record: DueNumber,
  { target, ranges }: PoolRange,
): Promise<'freed' | 'expired' | 'removed' | 'RANGE_CHANGED' | undefined> {
  const extension = record.pool === EXTENSION_POOL;
  const keep = !extension || !ranges || ranges.includes(record.number);
  const failed = await write(directory, [
    keep ? changeState(directory, record, { state: 'UNUSED' }) : removeNumber(directory, record),
    ...(extension ? [whileTarget(directory, target)] : []),
  ]);
  if (failed.includes(1)) return 'RANGE_CHANGED';
  if (failed.length > 0) return undefined;
  if (!keep) return 'removed';
  return record.state === 'RESERVED' ? 'expired' : 'freed';
}
