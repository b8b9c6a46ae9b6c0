import { GetCommand } from '@aws-sdk/lib-dynamodb';
import {
  type DirectoryNumber,
  DUE_PARTITION,
  EXTENSION_POOL,
  endQuarantine,
  numberFromItem,
  SEED_KEY,
} from '../numbers.ts';
import { openSupply } from '../pool.ts';
import { parseRanges, type Ranges } from '../ranges/index.ts';
import { type Directory, queryIndex, write } from '../table.ts';
import { serveWaiting } from '../waiting.ts';

/** What a sweep did. */
export interface SweepResult {
  status: 'DONE' | 'PARTIAL';
  counts: {
    /** Quarantines that ended: the extension is unused again. */
    freed: number;
    /** Quarantines that ended with an extension that the range no longer contains. */
    removed: number;
    /** Agents who had waited and got an extension. */
    served: number;
  };
}

/**
 * Ends what is due, then gives unused extensions to the agents who wait. Sweeps may run side by side.
 *
 * @param now milliseconds since 1970
 * @param stop true when there is no time left
 */
export async function sweepNumbers(
  directory: Directory,
  now: number,
  stop: () => boolean = () => false,
): Promise<SweepResult> {
  const counts = { freed: 0, removed: 0, served: 0 };
  let pool = await readPool(directory);
  // "~" sorts after every number that becomes due in this very millisecond.
  const upTo = `${new Date(now).toISOString()}~`;
  for await (const page of queryIndex(directory, DUE_PARTITION, { upTo, page: 200 })) {
    for (const record of page.map(numberFromItem)) {
      if (record?.state !== 'QUARANTINED') continue;
      if (stop()) return { status: 'PARTIAL', counts };
      const ended = await endOne(directory, record, pool);
      if (ended === 'RANGE_CHANGED') pool = await readPool(directory);
      else if (ended) counts[ended] += 1;
    }
  }
  if (pool.ranges) {
    const served = () => {
      counts.served += 1;
    };
    await serveWaiting(directory, pool.ranges, openSupply(directory, pool.ranges, 100), served, stop);
  }
  return { status: stop() ? 'PARTIAL' : 'DONE', counts };
}

/** What the pool shall hold, as the sync last wrote it down. */
interface Pool {
  target?: string;
  ranges?: Ranges;
}

async function readPool({ client, table }: Directory): Promise<Pool> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: SEED_KEY, ConsistentRead: true }),
  );
  if (typeof Item?.target !== 'string') return {};
  return { target: Item.target, ranges: parseRanges(Item.target) };
}

/** A range that changes in this moment leaves the number to the next sweep. */
async function endOne(
  directory: Directory,
  record: DirectoryNumber & { state: 'RESERVED' | 'QUARANTINED' },
  { target, ranges }: Pool,
): Promise<'freed' | 'removed' | 'RANGE_CHANGED' | undefined> {
  const keep = record.pool !== EXTENSION_POOL || !ranges || ranges.includes(record.number);
  const failed = await write(directory, endQuarantine(directory, record, { target, keep }));
  if (failed.includes(1)) return 'RANGE_CHANGED';
  if (failed.length > 0) return undefined;
  return keep ? 'freed' : 'removed';
}
