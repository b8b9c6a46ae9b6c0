import {
  type DirectoryNumber,
  DUE_PARTITION,
  EXTENSION_POOL,
  numberFromItem,
} from '#core/directory/numbers.ts';
import { createExtensionAllocator, type PoolRange, readPoolRange } from '#core/directory/pool.ts';
import { type Directory, queryPartition, writeActions } from '#core/directory/table.ts';
import { changeNumberState, ifRangeUnchanged, removeNumber } from '#core/directory/transitions.ts';
import { assignToWaitingAgents } from '#core/directory/waiting-list.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';

export interface ExpiryResult {
  status: 'DONE' | 'PARTIAL';
  counts: {
    /** Numbers whose quarantine ended. They are unused again. */
    quarantinesEnded: number;
    /** Numbers whose reservation expired. They are unused again. */
    reservedNumbersExpired: number;
    /** Extensions outside the range whose quarantine or reservation ended. They are no longer in the directory. */
    numbersRemoved: number;
    /** Agents on the waiting list who got an extension. */
    waitingAgentsAssigned: number;
  };
}

/** Each returns true when there is no time left. */
export interface ExpiryLimits {
  /** Stops expiring numbers. The rest of the run is for waiting agents. */
  stopExpiry?: () => boolean;
  /** Stops the run. */
  stop?: () => boolean;
}

const EXPIRY_CONCURRENCY = 16;
const DUE_PAGE_SIZE = 200;
const EXTENSION_PAGE_SIZE = 100;
const never = () => false;

/**
 * Expires reservations and quarantines that are due, as far as there is time, then assigns unused extensions to waiting
 * agents. Runs may overlap, and the next run continues a run that was interrupted, because each number is one write.
 *
 * @param now milliseconds since 1970
 */
export async function expireNumbers(
  directory: Directory,
  now: number,
  { stopExpiry = never, stop = never }: ExpiryLimits = {},
): Promise<ExpiryResult> {
  const counts = {
    quarantinesEnded: 0,
    reservedNumbersExpired: 0,
    numbersRemoved: 0,
    waitingAgentsAssigned: 0,
  };
  let pool = await readPoolRange(directory);
  const finished = await forEachConcurrent(
    findDueNumbers(directory, now),
    EXPIRY_CONCURRENCY,
    async (record) => {
      const outcome = await expireNumber(directory, record, pool);
      if (outcome === 'RANGE_CHANGED') pool = await readPoolRange(directory);
      else if (outcome !== 'CONFLICT') counts[outcome] += 1;
    },
    stopExpiry,
  );
  if (pool.ranges) {
    const allocator = createExtensionAllocator(directory, pool.ranges, EXTENSION_PAGE_SIZE);
    const countAssigned = () => {
      counts.waitingAgentsAssigned += 1;
    };
    await assignToWaitingAgents(directory, pool.ranges, allocator, countAssigned, stop);
  }
  return { status: finished && !stop() ? 'DONE' : 'PARTIAL', counts };
}

type DueNumber = DirectoryNumber & { state: 'RESERVED' | 'QUARANTINED' };

async function* findDueNumbers(directory: Directory, now: number): AsyncGenerator<DueNumber, void, void> {
  // "~" sorts after every number that is due in this millisecond.
  const upTo = `${new Date(now).toISOString()}~`;
  for await (const page of queryPartition(directory, DUE_PARTITION, { upTo, pageSize: DUE_PAGE_SIZE })) {
    for (const record of page.map(numberFromItem)) {
      if (record?.state === 'QUARANTINED' || record?.state === 'RESERVED') yield record;
    }
  }
}

/** After a conflict or a changed range, the number is left to the next run. */
async function expireNumber(
  directory: Directory,
  record: DueNumber,
  { target, ranges }: PoolRange,
): Promise<keyof ExpiryResult['counts'] | 'RANGE_CHANGED' | 'CONFLICT'> {
  const isExtension = record.pool === EXTENSION_POOL;
  const keep = !isExtension || !ranges || ranges.includes(record.number);
  const failed = await writeActions(directory, [
    keep ? changeNumberState(directory, record, { state: 'UNUSED' }) : removeNumber(directory, record),
    ...(isExtension ? [ifRangeUnchanged(directory, target)] : []),
  ]);
  if (failed.includes(1)) return 'RANGE_CHANGED';
  if (failed.length > 0) return 'CONFLICT';
  if (!keep) return 'numbersRemoved';
  return record.state === 'RESERVED' ? 'reservedNumbersExpired' : 'quarantinesEnded';
}
