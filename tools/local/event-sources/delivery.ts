import { randomUUID } from 'node:crypto';
import { isObject } from '#tools/json.ts';
import type { EventSourceMapping } from './mappings.ts';

/** What the function said about a batch. */
export type BatchOutcome = { kind: 'answer'; payload: string } | { kind: 'failed' };

export interface DeliveryPorts<R> {
  /** By which the function names a record that failed. */
  sequenceNumberOf(record: R): string;
  invoke(records: R[]): Promise<BatchOutcome>;
  /** Gets what was given up on. */
  giveUp(records: R[], attempts: number): void;
  /** Waits before a retry; attempts counts from 1. False when everything stops: then nothing more is tried. */
  pause(attempts: number): Promise<boolean>;
}

interface Part<R> {
  records: R[];
  /** Failed attempts that count against the mapping's limit; a bisect does not. */
  attempts: number;
}

/**
 * Delivers one batch in order, as an event source mapping does: from the first failed record again, in halves when
 * the mapping bisects, until its retries are used up.
 *
 * @returns false when everything stopped before the batch was done
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
      // Progress: what is left is a new batch.
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

/** The index of the first record to deliver again; undefined when all succeeded. */
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
  // An identifier that is not one of the batch's makes the whole batch a failure.
  return Math.max(0, Math.min(...places));
}

/** Where the records of a batch are that was given up. */
export interface FailedBatch {
  shardId: string;
  streamArn: string;
  sequenceNumbers: string[];
  /** When the first and the last of them arrived. */
  arrived: [Date, Date];
}

/**
 * What Lambda sends to the on-failure destination: where the records are, not what is in them.
 *
 * @param info the name under which it tells the place: `DDBStreamBatchInfo`, `KinesisBatchInfo`
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
