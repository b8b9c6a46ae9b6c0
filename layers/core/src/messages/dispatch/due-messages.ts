import type { MessageTable } from '#core/messages/table.ts';
import {
  DUE_INDEX,
  DUE_SHARDS,
  duePartition,
  messageIdOfKey,
  partsOfMessageId,
  UNKNOWN_PARTITION,
} from '#core/messages/table-keys.ts';
import { queryPage, queryPages } from '#core/platform/dynamodb/paginate.ts';
import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import type { Deadlines, DispatchContext } from './dispatch-context.ts';
import { runLane } from './run-lane.ts';

export interface DueResult {
  status: 'DONE' | 'PARTIAL';
  counts: {
    /** Messages that were due. */
    due: number;
    /** Lanes that the run started. */
    lanes: number;
    /** Lanes that failed. */
    failed: number;
    /** How long the oldest message has been due, in milliseconds; 0 when nothing was due. */
    overdueMs: number;
  };
}

const DUE_PAGE_SIZE = 100;
/** Lanes of one partition. Most of them wait for a slot of their origin. */
const LANE_CONCURRENCY = 16;
const MAX_LOGGED_FAILURES = 10;
/** The count of UNKNOWN messages stops here. More would not change what the operator does. */
const MAX_COUNTED_UNKNOWN = 1_000;

/**
 * Dispatches the lanes in which a message is due: messages that waited, that the stream lost, or whose dispatcher ended.
 * Each run reads each partition once, so that a lane that fails does not block the others.
 *
 * @param failedLanes lanes to skip; the run adds those that fail
 */
export async function dispatchDueMessages(
  ctx: DispatchContext,
  deadlines: Deadlines,
  failedLanes = new Set<string>(),
): Promise<DueResult> {
  const { client, messages } = ctx.table;
  const startedAt = ctx.clock.now();
  const counts = { due: 0, lanes: 0, failed: 0, overdueMs: 0 };
  const isOver = () => ctx.clock.now() >= deadlines.startUntil;
  let isComplete = true;
  /** The lanes that this run has started, each with the oldest message that was due. */
  const started = new Map<string, string>();

  async function dispatchPartition(shard: number): Promise<void> {
    const query = dueQuery(messages, duePartition(shard), startedAt, DUE_PAGE_SIZE);
    for await (const { items: page } of queryPages(client, query)) {
      counts.due += page.length;
      counts.overdueMs = Math.max(counts.overdueMs, ...page.map((key) => overdueMs(startedAt, key)));
      const lanes = [...oldestByLane(page)].filter(
        ([lane, since]) => since < (started.get(lane) ?? '~') && !failedLanes.has(lane),
      );
      for (const [lane, since] of lanes) started.set(lane, since);
      const allStarted = await forEachConcurrent(lanes, LANE_CONCURRENCY, dispatchLane, isOver);
      // A lane that was started may have messages left, too.
      if (!allStarted || isOver()) {
        isComplete = false;
        return;
      }
    }
  }

  async function dispatchLane([lane, since]: [string, string]): Promise<void> {
    counts.lanes += 1;
    try {
      await runLane(ctx, lane, since, deadlines);
    } catch (error) {
      // The messages stay due, and the next run tries them again.
      counts.failed += 1;
      failedLanes.add(lane);
      if (failedLanes.size > MAX_LOGGED_FAILURES) return;
      logger.error('the dispatcher could not process a lane; the next run tries it again', {
        error: describeError(error),
      });
    }
  }

  await Promise.all(Array.from({ length: DUE_SHARDS }, (_, shard) => dispatchPartition(shard)));
  return { status: isComplete ? 'DONE' : 'PARTIAL', counts };
}

/** Whether a message is due at this time or before, in milliseconds since 1970. */
export async function isAnyDueBy({ client, messages }: MessageTable, time: number): Promise<boolean> {
  const pages = await Promise.all(
    Array.from({ length: DUE_SHARDS }, (_, shard) =>
      queryPage(client, dueQuery(messages, duePartition(shard), time, 1)),
    ),
  );
  return pages.some(({ count }) => count > 0);
}

/** How many messages are UNKNOWN and wait for a person, up to 1,000. The alarm stays until it is 0. */
export async function countUnknown({ client, messages }: MessageTable): Promise<number> {
  const { count } = await queryPage(client, {
    TableName: messages,
    IndexName: DUE_INDEX,
    KeyConditionExpression: 'gsi1pk = :unknown',
    ExpressionAttributeValues: { ':unknown': UNKNOWN_PARTITION },
    Select: 'COUNT',
    Limit: MAX_COUNTED_UNKNOWN,
  });
  return count;
}

function dueQuery(messages: string, partition: string, time: number, limit: number) {
  return {
    TableName: messages,
    IndexName: DUE_INDEX,
    KeyConditionExpression: 'gsi1pk = :partition AND gsi1sk <= :upTo',
    ExpressionAttributeValues: { ':partition': partition, ':upTo': `${new Date(time).toISOString()}~` },
    Limit: limit,
  };
}

function overdueMs(now: number, { gsi1sk }: Record<string, unknown>): number {
  const dueAt = Date.parse(String(gsi1sk).split('#')[0] ?? '');
  return Number.isNaN(dueAt) ? 0 : now - dueAt;
}

function oldestByLane(keys: readonly Record<string, unknown>[]): Map<string, string> {
  const lanes = new Map<string, string>();
  for (const key of keys) {
    const id = partsOfMessageId(messageIdOfKey(key) ?? '');
    if (!id) continue;
    const oldest = lanes.get(id.lane);
    if (oldest === undefined || id.ulid < oldest) lanes.set(id.lane, id.ulid);
  }
  return lanes;
}
