import type { MessageState } from '#core/messages/message.ts';
import type { LineError } from './line.ts';

/** What became of the lines of a request, written when all of them have been worked on. */
export interface Batch {
  trackingId: string;
  /** ISO 8601. */
  createdAt: string;
  /** Messages that were read: `accepted` and the lines that were refused. */
  total: number;
  accepted: number;
  /** How many of the accepted had been accepted before, by whatever request. */
  duplicates: number;
  /** Lines that were refused. */
  errorCount: number;
  /** The first of them. */
  errors: LineError[];
}

/** How many messages are in which state; `NO_LONGER_KEPT` are those whose time is over. */
export type StateCounts = Partial<Record<MessageState | 'NO_LONGER_KEPT', number>>;

/** Some of a batch's messages. */
export interface Chunk {
  number: number;
  /** What became of those that are known to have ended for good. */
  settled: StateCounts;
  /** All others: only these have to be read. */
  messageIds: string[];
}

/** An item takes 400 kB; two hundred ids take fifteen. */
export const MESSAGES_A_CHUNK = 200;

const BATCH = 'BATCH';
const CHUNK_PREFIX = 'CHUNK#';

export function batchPartition(trackingId: string): string {
  return `BATCH#${trackingId}`;
}

export function batchKey(trackingId: string) {
  return { pk: batchPartition(trackingId), sk: BATCH };
}

export function chunkKey(trackingId: string, number: number) {
  return { pk: batchPartition(trackingId), sk: `${CHUNK_PREFIX}${String(number).padStart(4, '0')}` };
}

/** Undefined for an item that is no batch. */
export function batchFromItem(trackingId: string, item: Record<string, unknown>): Batch | undefined {
  if (item.sk !== BATCH) return undefined;
  const { createdAt, total, accepted, duplicates, errorCount, errors } = item as unknown as Batch;
  return { trackingId, createdAt, total, accepted, duplicates, errorCount, errors };
}

/** Undefined for an item that is no chunk. */
export function chunkFromItem(item: Record<string, unknown>): Chunk | undefined {
  const { sk, messageIds = [], settled = {} } = item;
  if (typeof sk !== 'string' || !sk.startsWith(CHUNK_PREFIX)) return undefined;
  const number = Number(sk.slice(CHUNK_PREFIX.length));
  return { number, settled: settled as StateCounts, messageIds: messageIds as string[] };
}
