import type { MessageState } from '../message.ts';
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

/** How many messages are in which state; `EXPIRED` are those that are not kept any more. */
export type StateCounts = Partial<Record<MessageState | 'EXPIRED', number>>;

/** Some of a batch's messages: which ones, or, once all have ended for good, what became of them. */
export type Chunk = { number: number } & ({ messageIds: string[] } | { settled: StateCounts });

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
  const { sk, messageIds, settled } = item;
  if (typeof sk !== 'string' || !sk.startsWith(CHUNK_PREFIX)) return undefined;
  const number = Number(sk.slice(CHUNK_PREFIX.length));
  if (settled !== undefined) return { number, settled: settled as StateCounts };
  return { number, messageIds: messageIds as string[] };
}
