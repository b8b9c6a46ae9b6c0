import { type MessageState, OPEN_STATES } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { chunks as cut } from '#core/platform/chunks.ts';
import { NotFoundError } from '#core/platform/errors.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import type { Batch, Chunk, StateCounts } from './rows.ts';
import { readBatch, readStates, STATES_A_READ, settleChunk } from './store.ts';

/** How far a batch has come. `accepted` is the sum of all numbers from `pending` to `noLongerKept`. */
export interface BatchStatus extends Batch {
  /** `DONE` when nothing is to be sent any more, by us. */
  status: 'IN_PROGRESS' | 'DONE';
  pending: number;
  sent: number;
  failed: number;
  /** Of which nobody knows whether they were sent; a person may decide. */
  unknown: number;
  /** Not sent on purpose: the recipient opted out, for example. */
  suppressed: number;
  /** Kept and not sent, because no sender is configured. */
  stored: number;
  /** What became of them is forgotten: `MessageRetentionDays` are over. */
  noLongerKept: number;
}

const PARALLEL_CHUNKS = 8;

/**
 * So many that have ended are worth a write: it costs as much as reading them some ten times, and who asks for a large
 * batch asks often.
 */
const WORTH_A_WRITE = 25;

/** States that may change by themselves or by a person. */
const NOT_FINAL: ReadonlySet<string> = new Set([...OPEN_STATES, 'UNKNOWN']);
const OPEN: ReadonlySet<string> = new Set(OPEN_STATES);

/**
 * Tells what became of a batch, from its messages themselves: there is no counter that could be wrong.
 *
 * @throws {NotFoundError} `BATCH_NOT_FOUND`
 * @throws {UnavailableError}
 */
export async function batchStatus(table: MessageTable, trackingId: string): Promise<BatchStatus> {
  const found = TRACKING_ID.test(trackingId) ? await readBatch(table, trackingId) : undefined;
  if (!found) {
    throw new NotFoundError('BATCH_NOT_FOUND', 'There is no such batch, or it is not kept any more.', {
      field: 'trackingId',
    });
  }
  const counts: StateCounts = {};
  await forEachConcurrent(found.chunks, PARALLEL_CHUNKS, async (chunk) => {
    addAll(counts, await countStates(table, trackingId, chunk));
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
    noLongerKept: counts.NO_LONGER_KEPT ?? 0,
  };
}

/** As randomUUID makes it; nothing else is asked of the table. */
const TRACKING_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads the messages of a chunk that had not ended for good, and writes down which have now. */
async function countStates(table: MessageTable, trackingId: string, chunk: Chunk): Promise<StateCounts> {
  const { messageIds } = chunk;
  const settled = { ...chunk.settled };
  if (messageIds.length === 0) return settled;
  const states = new Map<string, MessageState>();
  for (const part of cut([...new Set(messageIds)], STATES_A_READ)) {
    for (const [id, state] of await readStates(table, part)) states.set(id, state);
  }
  const unsettled: StateCounts = {};
  const left: string[] = [];
  for (const id of messageIds) {
    const state = states.get(id) ?? 'NO_LONGER_KEPT';
    if (NOT_FINAL.has(state)) left.push(id);
    add(NOT_FINAL.has(state) ? unsettled : settled, state, 1);
  }
  const ended = messageIds.length - left.length;
  const isOpen = Object.keys(unsettled).some((state) => OPEN.has(state));
  if (ended >= WORTH_A_WRITE || (ended > 0 && !isOpen)) {
    await settleChunk(table, trackingId, chunk, { number: chunk.number, settled, messageIds: left });
  }
  const counts = { ...settled };
  addAll(counts, unsettled);
  return counts;
}

function addAll(counts: StateCounts, more: StateCounts): void {
  for (const [state, count] of Object.entries(more)) add(counts, state as MessageState, count);
}

function add(counts: StateCounts, state: keyof StateCounts, count: number): void {
  counts[state] = (counts[state] ?? 0) + count;
}
