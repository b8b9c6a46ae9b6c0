import {
  BatchGetCommand,
  type BatchGetCommandInput,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { contactIdOf, contactKey, lookupKey } from '#core/contacts/keys.ts';
import { chunks } from '#core/platform/chunks.ts';
import { MAX_BATCH_REQUESTS, withUnprocessedRetry } from '#core/platform/dynamodb/batch.ts';
import { UnavailableError } from '#core/platform/errors.ts';

/** The truth and its index. */
export interface IndexTables {
  client: DynamoDBDocumentClient;
  /** The name of ContactsTable. */
  contacts: string;
  /** The name of LookupTable. */
  lookup: string;
}

/** One row of LookupTable that must be there, or must not. */
export interface RowWrite {
  contactId: string;
  hash: string;
  present: boolean;
}

type Reads = NonNullable<BatchGetCommandInput['RequestItems']>;
type Writes = NonNullable<BatchWriteCommandInput['RequestItems']>;

/** DynamoDB's limits for one request. */
const READ_BATCH_SIZE = 100;
const WRITE_BATCH_SIZE = 25;
const WRITE_CONCURRENCY = 8;

/**
 * The hashes that contacts hold now, read consistently. A contact that does not exist holds none.
 *
 * @throws {UnavailableError} when DynamoDB leaves keys unprocessed again and again
 */
export async function readHashes(
  { client, contacts }: IndexTables,
  contactIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const keys = new Map<string, Set<string>>(contactIds.map((id) => [id, new Set()]));
  await Promise.all(
    chunks(contactIds, READ_BATCH_SIZE).map(async (ids) => {
      const request = {
        Keys: ids.map(contactKey),
        ConsistentRead: true,
        ProjectionExpression: 'pk, #keys',
        ExpressionAttributeNames: { '#keys': 'keys' },
      };
      const done = await withUnprocessedRetry<Reads>({ [contacts]: request }, async (RequestItems) => {
        const answer = await client.send(new BatchGetCommand({ RequestItems }));
        for (const item of answer.Responses?.[contacts] ?? []) {
          keys.set(contactIdOf(item.pk) ?? '', (item.keys as Set<string> | undefined) ?? new Set<string>());
        }
        return answer.UnprocessedKeys;
      });
      if (!done) throw leftUnprocessed('ContactsTable');
    }),
  );
  return keys;
}

/**
 * Writes rows of LookupTable, several requests at a time.
 *
 * @returns the contacts of which a row could not be written, and why
 */
export async function writeRows(
  tables: IndexTables,
  writes: readonly RowWrite[],
): Promise<Map<string, unknown>> {
  const failed = new Map<string, unknown>();
  const batches = chunks(writes, WRITE_BATCH_SIZE);
  const writer = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      try {
        await writeBatch(tables, batch);
      } catch (error) {
        // Reported for each contact: Lambda delivers their records again, and keeps them when that does not help.
        for (const { contactId } of batch) failed.set(contactId, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(WRITE_CONCURRENCY, batches.length) }, writer));
  return failed;
}

async function writeBatch({ client, lookup }: IndexTables, batch: readonly RowWrite[]): Promise<void> {
  const requests = batch.map(({ contactId, hash, present }) => {
    const key = lookupKey(hash, contactId);
    return present ? { PutRequest: { Item: key } } : { DeleteRequest: { Key: key } };
  });
  const done = await withUnprocessedRetry<Writes>({ [lookup]: requests }, async (RequestItems) => {
    const answer = await client.send(new BatchWriteCommand({ RequestItems }));
    return answer.UnprocessedItems;
  });
  if (!done) throw leftUnprocessed('LookupTable');
}

function leftUnprocessed(table: string): UnavailableError {
  return new UnavailableError(
    'UNAVAILABLE',
    `${table} left requests unprocessed ${MAX_BATCH_REQUESTS} times. Try again.`,
  );
}
