import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { describeError, InvalidInputError } from './errors.ts';
import { count, logger, metrics } from './observability.ts';

/** A record that could not be processed, and why. */
export interface RecordFailure {
  record: DynamoDBRecord;
  error: unknown;
}

/**
 * Wraps a function that follows a DynamoDB stream. It gets the whole batch, because what belongs to one item can
 * then be done at once, and says which records failed; Lambda delivers again from the first of them.
 *
 * @param name the function, for the log: `contact-indexer`
 */
export function streamHandler(
  name: string,
  process: (records: DynamoDBRecord[]) => Promise<RecordFailure[]>,
) {
  return async function handleBatch(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
    const records = recordsOf(event);
    const failures = await process(records).catch((error: unknown) =>
      records.map((record) => ({ record, error })),
    );
    count('StreamRecords', records.length);
    if (failures.length > 0) count('StreamFailures', failures.length);
    for (const { record, error } of failures.slice(0, 10)) {
      logger.error('record failed', {
        stream: name,
        sequenceNumber: record.dynamodb?.SequenceNumber,
        error: describeError(error),
      });
    }
    metrics.publishStoredMetrics();
    return {
      batchItemFailures: failures.map(({ record }) => ({
        itemIdentifier: record.dynamodb?.SequenceNumber ?? '',
      })),
    };
  };
}

function recordsOf(event: unknown): DynamoDBRecord[] {
  const { Records } = (event ?? {}) as Partial<DynamoDBStreamEvent>;
  if (Array.isArray(Records)) return Records;
  throw new InvalidInputError(
    'INVALID_EVENT',
    'This is not an event of a DynamoDB stream: Records is missing.',
    {
      field: 'Records',
    },
  );
}
