import type { MessageState } from '#core/messages/message.ts';
import type { LineError } from './batch-line.ts';

/** The result of a request with many messages. It is written after the last line. */
export interface BatchRecord {
  trackingId: string;
  /** ISO 8601. */
  createdAt: string;
  /** Lines that were read: `accepted` and `errorCount`. */
  total: number;
  accepted: number;
  /** How many of the accepted messages an earlier request had accepted. */
  duplicates: number;
  /** Lines that were not accepted. */
  errorCount: number;
  /** The first errors. */
  errors: LineError[];
}

/** How many messages are in each state. `DELETED`: DynamoDB has deleted them after MessageRetentionDays. */
export type StateCounts = Partial<Record<MessageState | 'DELETED', number>>;

/** A part of the messages of a batch. */
export interface BatchPart {
  number: number;
  /** The messages that are known to be in a final state. */
  finalCounts: StateCounts;
  /** All others. Only these must be read. */
  messageIds: string[];
}

/** 200 IDs take 15 kB of the 400 kB of an item. */
export const MAX_CHUNK_MESSAGES = 200;

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

/** Undefined for an item that is not a batch. */
export function batchFromItem(trackingId: string, item: Record<string, unknown>): BatchRecord | undefined {
  if (item.sk !== BATCH) return undefined;
  const { createdAt, total, accepted, duplicates, errorCount, errors } = item as unknown as BatchRecord;
  return { trackingId, createdAt, total, accepted, duplicates, errorCount, errors };
}

/** Undefined for an item that is not a chunk. */
export function chunkFromItem(item: Record<string, unknown>): BatchPart | undefined {
  const { sk, messageIds = [], finalCounts = {} } = item;
  if (typeof sk !== 'string' || !sk.startsWith(CHUNK_PREFIX)) return undefined;
  const number = Number(sk.slice(CHUNK_PREFIX.length));
  return { number, finalCounts: finalCounts as StateCounts, messageIds: messageIds as string[] };
}
