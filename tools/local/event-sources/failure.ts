import { randomUUID } from 'node:crypto';
import type { Mapping } from './mapping.ts';

/** Where the records of a batch are that was given up. */
export interface BatchPlace {
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
export function failureRecord(
  info: 'DDBStreamBatchInfo' | 'KinesisBatchInfo',
  mapping: Mapping,
  attempts: number,
  { shardId, streamArn, sequenceNumbers, arrived: [first, last] }: BatchPlace,
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
