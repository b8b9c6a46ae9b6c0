import type { DynamoDBRecord } from 'aws-lambda';
import { messageIdOfKey, partsOfMessageId } from '#core/messages/keys.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { hurried } from './busy-origins.ts';
import type { Dispatching, Patience } from './context.ts';
import { runLane } from './run-lane.ts';

/** Lanes at once, of one batch. */
const LANES = 32;

/** A batch waits no longer for the turns of its texts, because behind it are texts of other numbers … */
const TURN_MS = 500;
/** … or of few: then it is hardly one of many. */
const TURN_OF_FEW_MS = 3_000;
const FEW = 5;

/**
 * Dispatches the lanes that records of the stream are about. A record says only where to look, so that one which comes
 * twice, late, in another order or never does no harm.
 *
 * @returns the records of lanes that could not be worked on; their messages are due later all the same
 */
export async function dispatchRecords(
  dispatching: () => Promise<Dispatching>,
  records: readonly DynamoDBRecord[],
  patience: Patience,
): Promise<RecordFailure[]> {
  const lanes = lanesIn(records);
  if (lanes.size === 0) return [];
  const process = await dispatching();
  const latest = process.clock.now() + (lanes.size > FEW ? TURN_MS : TURN_OF_FEW_MS);
  const d = { ...process, rate: hurried(process.rate, process.crowds, latest) };
  const failures: RecordFailure[] = [];
  await forEachConcurrent(lanes, LANES, async ([lane, { since, records: told }]) => {
    try {
      const dueAt = await runLane(d, lane, since, { ...patience, leavesQueued: true });
      if (dueAt !== undefined) await d.askToFollow(dueAt);
    } catch (error) {
      // Reported for each record: Lambda delivers them again, and the other lanes go on.
      failures.push(...told.map((record) => ({ record, error })));
    }
  });
  return failures;
}

/** By lane, with the oldest message of each. */
function lanesIn(records: readonly DynamoDBRecord[]) {
  const lanes = new Map<string, { since: string; records: DynamoDBRecord[] }>();
  for (const record of records) {
    const { pk, sk } = record.dynamodb?.Keys ?? {};
    const place = partsOfMessageId(messageIdOfKey({ pk: pk?.S, sk: sk?.S }) ?? '');
    if (!place) continue;
    const known = lanes.get(place.lane);
    if (known) known.records.push(record);
    if (!known) lanes.set(place.lane, { since: place.ulid, records: [record] });
    else if (place.ulid < known.since) known.since = place.ulid;
  }
  return lanes;
}
