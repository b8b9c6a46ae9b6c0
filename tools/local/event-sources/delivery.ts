import { randomUUID } from 'node:crypto';
import { isObject } from '#tools/json.ts';
import type { EventSourceMapping } from './mappings.ts';

/** The result of a batch. */
export type BatchOutcome = { kind: 'answer'; payload: string } | { kind: 'failed' };

export interface DeliveryPorts<R> {
  /** The identifier of a failed record in the response. */
  sequenceNumberOf(record: R): string;
  invoke(records: R[]): Promise<BatchOutcome>;
  /** Receives records whose retries are exhausted. */
  giveUp(records: R[], attempts: number): void;
  /** Waits before a retry; attempts counts from 1. Returns false if the stack stops. */
  pause(attempts: number): Promise<boolean>;
}

interface Part<R> {
  records: R[];
  /** The failed attempts. A bisect does not count. */
  attempts: number;
}

/**
 * Delivers one batch in order, as an event source mapping does: retries from the first failed record, in halves if the
 * mapping bisects, until the retries are exhausted.
 *
 * @returns false if the stack stopped before the end of the batch
 */
export async function deliverWithRetries<R>(
  records: R[],
  mapping: Pick<EventSourceMapping, 'bisect' | 'maximumRetries' | 'reportsFailures'>,
  ports: DeliveryPorts<R>,
): Promise<boolean> {
  const parts: Part<R>[] = [{ records, attempts: 0 }];
  for (let part = parts.shift(); part; part = parts.shift()) {
    const numbers = part.records.map(ports.sequenceNumberOf);
    const failedAt = firstFailure(await ports.invoke(part.records), numbers, mapping.reportsFailures);
    if (failedAt === undefined) continue;
    const rest = part.records.slice(failedAt);
    if (failedAt > 0) {
      // The remaining records are a new batch.
      parts.unshift({ records: rest, attempts: 0 });
    } else if (mapping.bisect && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      const { attempts } = part;
      parts.unshift({ records: rest.slice(0, middle), attempts }, { records: rest.slice(middle), attempts });
    } else if (part.attempts >= mapping.maximumRetries) {
      ports.giveUp(rest, part.attempts + 1);
    } else {
      parts.unshift({ records: rest, attempts: part.attempts + 1 });
      if (!(await ports.pause(part.attempts + 1))) return false;
    }
  }
  return true;
}

/** The index of the first record to retry; undefined if all succeeded. */
function firstFailure(
  answer: BatchOutcome,
  sequenceNumbers: string[],
  reportsFailures: boolean,
): number | undefined {
  if (answer.kind === 'failed') return 0;
  if (!reportsFailures) return undefined;
  const reply: unknown = JSON.parse(answer.payload);
  const failures = isObject(reply) ? (reply.batchItemFailures ?? []) : [];
  if (!Array.isArray(failures)) return 0;
  if (failures.length === 0) return undefined;
  const places = failures.map((failure) => {
    const identifier = isObject(failure) ? failure.itemIdentifier : undefined;
    return sequenceNumbers.indexOf(String(identifier));
  });
  // An unknown identifier makes the whole batch fail.
  return Math.max(0, Math.min(...places));
}

/** The position of a batch whose retries are exhausted. */
export interface FailedBatch {
  shardId: string;
  streamArn: string;
  sequenceNumbers: string[];
  /** The arrival times of the first and the last record. */
  arrived: [Date, Date];
}

/**
 * The message to the on-failure destination: the position of the records, without their data.
 *
 * @param info the name of the field for the position: `DDBStreamBatchInfo`, `KinesisBatchInfo`
 */
export function createFailureRecord(
  info: 'DDBStreamBatchInfo' | 'KinesisBatchInfo',
  mapping: EventSourceMapping,
  attempts: number,
  { shardId, streamArn, sequenceNumbers, arrived: [first, last] }: FailedBatch,
): string {
  return JSON.stringify({
    requestContext: {
      requestId: randomUUID(),
      functionArn: mapping.functionArn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: attempts,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date().toISOString(),
    [info]: {
      shardId,
      startSequenceNumber: sequenceNumbers[0],
      endSequenceNumber: sequenceNumbers.at(-1),
      approximateArrivalOfFirstRecord: first.toISOString(),
      approximateArrivalOfLastRecord: last.toISOString(),
      batchSize: sequenceNumbers.length,
      streamArn,
    },
  });
}
