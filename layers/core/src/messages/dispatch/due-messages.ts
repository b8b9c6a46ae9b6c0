import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  DUE_INDEX,
  DUE_SHARDS,
  duePartition,
  messageIdOfKey,
  partsOfMessageId,
} from '#core/messages/keys.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import type { Dispatching, Patience } from './context.ts';
import { runLane } from './run-lane.ts';

export interface DueResult {
  status: 'DONE' | 'PARTIAL';
  counts: {
    /** Messages that were due. */
    due: number;
    /** Lanes that were worked on. */
    lanes: number;
    /** … of which so many could not be. */
    failed: number;
    /** For how many milliseconds the oldest of them has been due; 0 when nothing was. */
    overdueMs: number;
  };
}

const PAGE = 100;
/** Lanes at once, of one partition; most of them wait for the turn of their origin. */
const LANES = 16;

/**
 * Dispatches the lanes in which something is due: what waited, what the stream lost, whom a dispatcher left. Each run
 * goes through each partition once, so that what cannot be done keeps nothing else from being done.
 *
 * @param failed lanes that are left alone; those that cannot be worked on are added
 */
export async function dispatchDue(
  d: Dispatching,
  patience: Patience,
  failed = new Set<string>(),
): Promise<DueResult> {
  const begun = d.clock.now();
  const counts = { due: 0, lanes: 0, failed: 0, overdueMs: 0 };
  const over = () => d.clock.now() >= patience.end;
  const upTo = `${new Date(begun).toISOString()}~`;
  let finished = true;
  /** The lanes of this run, each with the oldest message that was due. */
  const seen = new Map<string, string>();

  async function sweepPartition(shard: number): Promise<void> {
    for await (const page of duePages(d.table, duePartition(shard), upTo)) {
      counts.due += page.length;
      counts.overdueMs = Math.max(counts.overdueMs, ...page.map((key) => overdueAt(begun, key)));
      const lanes = [...oldestOfLanes(page)].filter(
        ([lane, since]) => since < (seen.get(lane) ?? '~') && !failed.has(lane),
      );
      for (const [lane, since] of lanes) seen.set(lane, since);
      const done = await forEachConcurrent(lanes, LANES, dispatchLane, over);
      // Of a lane that was begun, something may be left too.
      if (!done || over()) {
        finished = false;
        return;
      }
    }
  }

  async function dispatchLane([lane, since]: [string, string]): Promise<void> {
    counts.lanes += 1;
    try {
      await runLane(d, lane, since, patience);
    } catch (error) {
      // It is due still, and the next run tries again.
      counts.failed += 1;
      failed.add(lane);
      if (failed.size <= 10) logger.error('lane failed', { error: describeError(error) });
    }
  }

  await Promise.all(Array.from({ length: DUE_SHARDS }, (_, shard) => sweepPartition(shard)));
  return { status: finished ? 'DONE' : 'PARTIAL', counts };
}

/** Whether a message is due by then, in milliseconds since 1970; it may be due already. */
export async function isAnyDueBy({ client, messages }: MessageTable, time: number): Promise<boolean> {
  const counts = await Promise.all(
    Array.from({ length: DUE_SHARDS }, async (_, shard) => {
      const upTo = `${new Date(time).toISOString()}~`;
      const request = dueQuery(messages, duePartition(shard), upTo, 1);
      return (await client.send(new QueryCommand(request))).Count ?? 0;
    }),
  );
  return counts.some((count) => count > 0);
}

async function* duePages(
  { client, messages }: MessageTable,
  partition: string,
  upTo: string,
): AsyncGenerator<Record<string, unknown>[], void, void> {
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({ ...dueQuery(messages, partition, upTo, PAGE), ExclusiveStartKey: from }),
    );
    yield Items;
    from = LastEvaluatedKey;
  } while (from);
}

function dueQuery(messages: string, partition: string, upTo: string, limit: number) {
  return {
    TableName: messages,
    IndexName: DUE_INDEX,
    KeyConditionExpression: 'gsi1pk = :partition AND gsi1sk <= :upTo',
    ExpressionAttributeValues: { ':partition': partition, ':upTo': upTo },
    Limit: limit,
  };
}

/** In milliseconds. */
function overdueAt(now: number, { gsi1sk }: Record<string, unknown>): number {
  const dueAt = Date.parse(String(gsi1sk).split('#')[0] ?? '');
  return Number.isNaN(dueAt) ? 0 : now - dueAt;
}

function oldestOfLanes(keys: readonly Record<string, unknown>[]): Map<string, string> {
  const lanes = new Map<string, string>();
  for (const key of keys) {
    const place = partsOfMessageId(messageIdOfKey(key) ?? '');
    if (!place) continue;
    const known = lanes.get(place.lane);
    if (known === undefined || place.ulid < known) lanes.set(place.lane, place.ulid);
  }
  return lanes;
}
