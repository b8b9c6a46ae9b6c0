import type { DynamoDBRecord } from 'aws-lambda';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';
import { count } from '#core/platform/observability.ts';
import { readIndexChanges } from './index-changes.ts';
import type { IndexTables } from './index-rows.ts';
import { reconcileIndex } from './reconcile.ts';

/** The work of contact-indexer, on the tables that its environment names. */
export function createIndexer(env: { CONTACTS_TABLE: string; LOOKUP_TABLE: string }) {
  const tables = { client: documentClient(), contacts: env.CONTACTS_TABLE, lookup: env.LOOKUP_TABLE };
  return function indexRecords(records: DynamoDBRecord[]): Promise<RecordFailure[]> {
    return indexBatch(tables, records);
  };
}

/**
 * Updates the indexes after one batch of the stream. Each consumer of the stream gets its own batches, so this assumes
 * nothing about the others.
 *
 * @returns the records that failed: a malformed record alone, any other with all records of its contact
 */
export async function indexBatch(
  tables: IndexTables,
  batch: readonly DynamoDBRecord[],
): Promise<RecordFailure[]> {
  const { changed, records, malformed } = readIndexChanges(batch, tables.definitions);
  const { put, deleted, failed } = await reconcileIndex(tables, changed);
  if (put > 0) count('IndexRowsPut', put);
  if (deleted > 0) count('IndexRowsDeleted', deleted);
  const failures = records
    .filter(({ contactId }) => failed.has(contactId))
    .map(({ record, contactId }) => ({ record, error: failed.get(contactId) }));
  return [...malformed, ...failures];
}
