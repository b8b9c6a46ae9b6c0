import type { DynamoDBRecord } from 'aws-lambda';
import { messageIdOfKey, partsOfMessageId } from '#core/messages/table-keys.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import type { Deadlines, DispatchContext } from './dispatch-context.ts';
import { limitWaiting } from './rate.ts';
import { runLane } from './run-lane.ts';

/** Lanes of one batch. */
const STREAM_LANE_CONCURRENCY = 32;

/** A batch waits no longer for the slots of its texts, because texts of other numbers stand behind it. */
const MAX_BATCH_WAIT_MS = 500;
/** A small batch may wait longer, because few others follow it. */
const MAX_SMALL_BATCH_WAIT_MS = 3_000;
const MAX_SMALL_BATCH_LANES = 5;

/**
 * Dispatches the lanes that records of the stream name. A record says only where to look. So a record that comes twice,
 * late, out of order, or never does no harm.
 *
 * @returns the records of lanes that failed. Their messages become due later in any case
 */
export async function dispatchRecords(
  createContext: () => Promise<DispatchContext>,
  records: readonly DynamoDBRecord[],
  deadlines: Deadlines,
): Promise<RecordFailure[]> {
  const lanes = groupByLane(records);
  if (lanes.size === 0) return [];
  const shared = await createContext();
  const maxWait = lanes.size > MAX_SMALL_BATCH_LANES ? MAX_BATCH_WAIT_MS : MAX_SMALL_BATCH_WAIT_MS;
  const rate = limitWaiting(shared.rate, shared.busyOrigins, shared.clock.now() + maxWait);
  const ctx = { ...shared, rate };
  const failures: RecordFailure[] = [];
  await forEachConcurrent(lanes, STREAM_LANE_CONCURRENCY, async ([lane, { since, records: ofLane }]) => {
    try {
      const dueAt = await runLane(ctx, lane, since, { ...deadlines, leaveQueued: true });
      if (dueAt !== undefined) await ctx.requestWakeUp(dueAt);
    } catch (error) {
      // Lambda delivers each of these records again, and the other lanes continue.
      failures.push(...ofLane.map((record) => ({ record, error })));
    }
  });
  return failures;
}

/** The records by lane, with the ULID of the oldest message of each. */
function groupByLane(records: readonly DynamoDBRecord[]) {
  const lanes = new Map<string, { since: string; records: DynamoDBRecord[] }>();
  for (const record of records) {
    const { pk, sk } = record.dynamodb?.Keys ?? {};
    const id = partsOfMessageId(messageIdOfKey({ pk: pk?.S, sk: sk?.S }) ?? '');
    if (!id) continue;
    const group = lanes.get(id.lane);
    if (group) group.records.push(record);
    if (!group) lanes.set(id.lane, { since: id.ulid, records: [record] });
    else if (id.ulid < group.since) group.since = id.ulid;
  }
  return lanes;
}
