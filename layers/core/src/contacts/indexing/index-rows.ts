import { type ContactTables, contactIdOf, contactKey, lookupKey } from '#core/contacts/table-keys.ts';
import { chunks } from '#core/platform/chunks.ts';
import { batchGet, batchWrite } from '#core/platform/dynamodb/batch.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import {
  INDEX_DEFINITIONS,
  type IndexDefinition,
  indexProjection,
  rowPartitions,
} from './index-definitions.ts';

/** The contacts, and the table that holds their indexes. */
export interface IndexTables extends ContactTables {
  /** The indexes to maintain; all of them by default. */
  definitions?: readonly IndexDefinition[];
}

/** One row of LookupTable that has to exist, or not. */
export interface RowWrite {
  contactId: string;
  hash: string;
  present: boolean;
}

const WRITE_BATCH_SIZE = 25;
const WRITE_CONCURRENCY = 8;

/**
 * Reads the hashes that contacts have now, as the partition keys of their rows. A contact that does not exist has none.
 *
 * @throws {UnavailableError} when DynamoDB leaves keys unprocessed again and again
 */
export async function readHashes(
  { client, contacts, definitions = INDEX_DEFINITIONS }: IndexTables,
  contactIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const hashes = new Map<string, Set<string>>(contactIds.map((id) => [id, new Set()]));
  const profiles = await batchGet(client, contacts, contactIds.map(contactKey), {
    ConsistentRead: true,
    ...indexProjection(definitions, 'pk'),
  });
  for (const profile of profiles) {
    hashes.set(contactIdOf(profile.pk) ?? '', rowPartitions(definitions, profile));
  }
  return hashes;
}

/**
 * Writes rows of LookupTable, several requests at a time.
 *
 * @returns the contacts whose rows could not be written, each with its error
 */
export async function writeRows(
  { client, lookup }: IndexTables,
  writes: readonly RowWrite[],
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  await forEachConcurrent(chunks(writes, WRITE_BATCH_SIZE), WRITE_CONCURRENCY, async (batch) => {
    const requests = batch.map(({ contactId, hash, present }) => {
      const key = lookupKey(hash, contactId);
      return present ? { PutRequest: { Item: key } } : { DeleteRequest: { Key: key } };
    });
    try {
      await batchWrite(client, lookup, requests);
    } catch (error) {
      // Lambda delivers the records of these contacts again, and keeps them when that does not help.
      for (const { contactId } of batch) failed.set(contactId, error);
    }
  });
  return failed;
}
