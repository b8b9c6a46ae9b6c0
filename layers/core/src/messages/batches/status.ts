import { chunks as cut } from '../../platform/chunks.ts';
import { NotFoundError } from '../../platform/errors.ts';
import { eachParallel } from '../../platform/parallel.ts';
import { type MessageState, OPEN_STATES } from '../message.ts';
import type { MessageTable } from '../table.ts';
import type { Batch, Chunk, StateCounts } from './rows.ts';
import { readBatch, readStates, STATES_A_READ, settleChunk } from './store.ts';

/** How far a batch has come. `accepted` is the sum of all numbers from `pending` to `expired`. */
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
  /** Which are not kept any more. */
  expired: number;
}

const PARALLEL_CHUNKS = 8;

/** States that may change by themselves or by a person. */
const NOT_FINAL: ReadonlySet<string> = new Set([...OPEN_STATES, 'UNKNOWN']);

/**
 * Tells what became of a batch, from its messages themselves: there is no counter that could be wrong.
 *
 * @throws {NotFoundError} `BATCH_NOT_FOUND`
 * @throws {UnavailableError}
 */
export async function batchStatus(table: MessageTable, trackingId: string): Promise<BatchStatus> {
  const found = await readBatch(table, trackingId);
  if (!found) {
    throw new NotFoundError('BATCH_NOT_FOUND', 'There is no such batch, or it is not kept any more.', {
      field: 'trackingId',
    });
  }
  const counts: StateCounts = {};
  await eachParallel(found.chunks, PARALLEL_CHUNKS, async (chunk) => {
    const states = 'settled' in chunk ? chunk.settled : await countStates(table, trackingId, chunk);
    for (const [state, count] of Object.entries(states)) add(counts, state as MessageState, count);
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
    expired: counts.EXPIRED ?? 0,
  };
}

/** Reads the messages of a chunk, and settles it when all of them have ended for good. */
async function countStates(
  table: MessageTable,
  trackingId: string,
  { number, messageIds }: Chunk & { messageIds: string[] },
): Promise<StateCounts> {
  const states = new Map<string, MessageState>();
  for (const part of cut([...new Set(messageIds)], STATES_A_READ)) {
    for (const [id, state] of await readStates(table, part)) states.set(id, state);
  }
  const counts: StateCounts = {};
  for (const id of messageIds) add(counts, states.get(id) ?? 'EXPIRED', 1);
  if (!Object.keys(counts).some((state) => NOT_FINAL.has(state))) {
    await settleChunk(table, trackingId, number, counts);
  }
  return counts;
}

function add(counts: StateCounts, state: keyof StateCounts, count: number): void {
  counts[state] = (counts[state] ?? 0) + count;
}
