import { type MessageState, OPEN_STATES } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { NotFoundError } from '#core/platform/errors.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import type { BatchPart, BatchRecord, StateCounts } from './batch-items.ts';
import { readBatch, readStates, updateFinalCounts } from './batch-store.ts';

/** The progress of a batch. `accepted` is the sum of all numbers from `pending` to `deleted`. */
export interface BatchStatus extends BatchRecord {
  /** `DONE` when no message is pending. */
  status: 'IN_PROGRESS' | 'DONE';
  pending: number;
  sent: number;
  failed: number;
  /** The provider may or may not have sent them. A person may resolve them. */
  unknown: number;
  /** Must not be sent: the recipient opted out, for example. */
  suppressed: number;
  /** Stored and not sent, because no sender is configured. */
  stored: number;
  /** Deleted after `MessageRetentionDays`, before a request has read their final state. */
  deleted: number;
}

const CHUNK_CONCURRENCY = 8;

/**
 * The number of final messages that is worth a write. The write costs about as much as reading them ten times, and
 * clients request the status of a large batch often.
 */
const MIN_FINAL_TO_WRITE = 25;

/** States that the dispatcher or a person may change. */
const CHANGING_STATES: ReadonlySet<string> = new Set([...OPEN_STATES, 'UNKNOWN']);
const PENDING_STATES: ReadonlySet<string> = new Set(OPEN_STATES);

/**
 * Reads the progress of a batch from the messages themselves, because a separate counter could be wrong.
 *
 * @throws {NotFoundError} `BATCH_NOT_FOUND`
 * @throws {UnavailableError}
 */
export async function getBatchStatus(table: MessageTable, trackingId: string): Promise<BatchStatus> {
  const found = TRACKING_ID.test(trackingId) ? await readBatch(table, trackingId) : undefined;
  if (!found) {
    throw new NotFoundError(
      'BATCH_NOT_FOUND',
      'There is no batch with this tracking ID. Batches are deleted after MessageRetentionDays; check the ID.',
      {
        field: 'trackingId',
      },
    );
  }
  const counts: StateCounts = {};
  await forEachConcurrent(found.chunks, CHUNK_CONCURRENCY, async (chunk) => {
    addCounts(counts, await countStates(table, trackingId, chunk));
  });
  const pending = OPEN_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return {
    status: pending > 0 ? 'IN_PROGRESS' : 'DONE',
    ...found.batch,
    pending,
    sent: counts.SENT ?? 0,
    failed: counts.FAILED ?? 0,
    unknown: counts.UNKNOWN ?? 0,
    suppressed: counts.SUPPRESSED ?? 0,
    stored: counts.STORED ?? 0,
    deleted: counts.DELETED ?? 0,
  };
}

/** The format of randomUUID. Only these reach the table. */
const TRACKING_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads the messages of a chunk that had no final state, and writes which have one now. */
async function countStates(table: MessageTable, trackingId: string, chunk: BatchPart): Promise<StateCounts> {
  const { messageIds } = chunk;
  const finalCounts = { ...chunk.finalCounts };
  if (messageIds.length === 0) return finalCounts;
  const states = await readStates(table, [...new Set(messageIds)]);
  const changingCounts: StateCounts = {};
  const remaining: string[] = [];
  for (const id of messageIds) {
    const state = states.get(id) ?? 'DELETED';
    if (CHANGING_STATES.has(state)) remaining.push(id);
    addCount(CHANGING_STATES.has(state) ? changingCounts : finalCounts, state, 1);
  }
  const finalCount = messageIds.length - remaining.length;
  const isOpen = Object.keys(changingCounts).some((state) => PENDING_STATES.has(state));
  if (finalCount >= MIN_FINAL_TO_WRITE || (finalCount > 0 && !isOpen)) {
    await updateFinalCounts(table, trackingId, chunk, {
      number: chunk.number,
      finalCounts,
      messageIds: remaining,
    });
  }
  const counts = { ...finalCounts };
  addCounts(counts, changingCounts);
  return counts;
}

function addCounts(counts: StateCounts, more: StateCounts): void {
  for (const [state, count] of Object.entries(more)) addCount(counts, state as MessageState, count);
}

function addCount(counts: StateCounts, state: keyof StateCounts, count: number): void {
  counts[state] = (counts[state] ?? 0) + count;
}
