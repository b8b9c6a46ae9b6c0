import type { DynamoDBRecord } from 'aws-lambda';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';
import { count } from '#core/platform/observability.ts';
import { readIndexChanges } from './index-changes.ts';
import type { IndexTables } from './index-rows.ts';
import { reconcileIndex } from './reconcile.ts';

/** What contact-indexer does, on the tables its environment names. */
export function createIndexer(env: { CONTACTS_TABLE: string; LOOKUP_TABLE: string }) {
  const tables = { client: documentClient(), contacts: env.CONTACTS_TABLE, lookup: env.LOOKUP_TABLE };
  return function indexRecords(records: DynamoDBRecord[]): Promise<RecordFailure[]> {
    return indexBatch(tables, records);
  };
}

/**
 * Brings the index in step with one batch of the stream.
 *
 * @returns the records that failed: malformed ones alone, others with all records of the same contact
 */
export async function indexBatch(
  tables: IndexTables,
  batch: readonly DynamoDBRecord[],
): Promise<RecordFailure[]> {
  const { changed: touched, records, malformed } = readIndexChanges(batch);
  const { put, deleted, failed } = await reconcileIndex(tables, touched);
  if (put > 0) count('IndexRowsPut', put);
  if (deleted > 0) count('IndexRowsDeleted', deleted);
  const failures = records
    .filter(({ contactId }) => failed.has(contactId))
    .map(({ record, contactId }) => ({ record, error: failed.get(contactId) }));
  return [...malformed, ...failures];
}
