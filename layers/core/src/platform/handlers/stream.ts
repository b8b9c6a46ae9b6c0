import type { Context, DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda';
import { describeError, InvalidInputError } from '#core/platform/errors.ts';
import { count, logger, metrics } from '#core/platform/observability.ts';

/** What the streams that we follow deliver. */
export type StreamRecord = DynamoDBRecord | KinesisStreamRecord;

/** A record that could not be processed, and why. */
export interface RecordFailure<R extends StreamRecord = DynamoDBRecord> {
  record: R;
  error: unknown;
}

/** What Lambda reads of the answer: from the first of these records on it delivers again. */
export interface StreamAnswer {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * Wraps a function that follows a stream of DynamoDB or of Kinesis. It gets the whole batch, because what belongs to
 * one item can then be done at once, and says which records failed; Lambda delivers again from the first of them.
 *
 * @param name the function, for the log: `contact-indexer`
 */
export function streamHandler<R extends StreamRecord>(
  name: string,
  process: (records: R[], context: Context) => Promise<RecordFailure<R>[]>,
) {
  return async function handleBatch(event: { Records: R[] }, context: Context): Promise<StreamAnswer> {
    const records = recordsOf(event);
    const failures = await process(records, context).catch((error: unknown) =>
      records.map((record) => ({ record, error })),
    );
    count('StreamRecords', records.length);
    if (failures.length > 0) count('StreamFailures', failures.length);
    for (const { record, error } of failures.slice(0, 10)) {
      logger.error('record failed', {
        stream: name,
        sequenceNumber: sequenceNumberOf(record),
        error: describeError(error),
      });
    }
    metrics.publishStoredMetrics();
    return {
      batchItemFailures: failures.map(({ record }) => ({ itemIdentifier: sequenceNumberOf(record) ?? '' })),
    };
  };
}

function sequenceNumberOf(record: StreamRecord): string | undefined {
  return 'kinesis' in record ? record.kinesis.sequenceNumber : record.dynamodb?.SequenceNumber;
}

function recordsOf<R>(event: { Records: R[] }): R[] {
  const { Records } = ((event as unknown) ?? {}) as { Records?: unknown };
  if (Array.isArray(Records)) return Records as R[];
  throw new InvalidInputError('INVALID_EVENT', 'This is not an event of a stream: Records is missing.', {
    field: 'Records',
  });
}
