import type { Context, DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda';
import { describeError, InvalidInputError } from '#core/platform/errors.ts';
import { count, logger } from '#core/platform/observability.ts';
import { createHandler, type LambdaHandler } from './create-handler.ts';

/** A record of a stream that Switchboard follows. */
export type StreamRecord = DynamoDBRecord | KinesisStreamRecord;

/** A record that could not be processed, and why. */
export interface RecordFailure<R extends StreamRecord = DynamoDBRecord> {
  record: R;
  error: unknown;
}

/** Lambda delivers again from the first of these records on. */
export interface StreamResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

const MAX_LOGGED_FAILURES = 10;

/**
 * Makes a function that follows a stream of DynamoDB or Kinesis. It gets the whole batch, because the records of one
 * item can then be processed together, and returns the records that failed; Lambda delivers again from the first of
 * them. When it throws, the whole batch failed.
 *
 * @param name the function, for the log: `contact-indexer`
 */
export function createStreamHandler<R extends StreamRecord>(
  name: string,
  process: (records: R[], context: Context) => Promise<RecordFailure<R>[]>,
): LambdaHandler<{ Records: R[] }, StreamResponse> {
  return createHandler(name, {
    async run(event: { Records: R[] }, context) {
      const records = recordsOf(event);
      const failures = await process(records, context).catch((error: unknown) =>
        records.map((record) => ({ record, error })),
      );
      return { records, failures };
    },
    report({ records, failures }) {
      count('StreamRecords', records.length);
      if (failures.length > 0) count('StreamFailures', failures.length);
      for (const { record, error } of failures.slice(0, MAX_LOGGED_FAILURES)) {
        logger.error('record failed', {
          sequenceNumber: sequenceNumberOf(record),
          error: describeError(error),
        });
      }
    },
    respond: ({ failures }) => ({
      batchItemFailures: failures.map(({ record }) => ({ itemIdentifier: sequenceNumberOf(record) ?? '' })),
    }),
  });
}

function sequenceNumberOf(record: StreamRecord): string | undefined {
  return 'kinesis' in record ? record.kinesis.sequenceNumber : record.dynamodb?.SequenceNumber;
}

function recordsOf<R>(event: { Records: R[] }): R[] {
  const { Records } = ((event as unknown) ?? {}) as { Records?: unknown };
  if (Array.isArray(Records)) return Records as R[];
  throw new InvalidInputError('INVALID_EVENT', 'The event must be one of a stream: Records is missing.', {
    field: 'Records',
  });
}
