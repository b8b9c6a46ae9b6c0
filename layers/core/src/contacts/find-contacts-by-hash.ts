// Who holds an identifier, and in which of some audiences, without opening anybody.
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { chunks } from '#core/platform/chunks.ts';
import { withUnprocessedRetry } from '#core/platform/dynamodb/batch.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { audienceIdOf, contactIdOf, contactKey, contactPartition, membershipKey, PROFILE } from './keys.ts';

export interface ContactTables {
  client: DynamoDBDocumentClient;
  /** The name of ContactsTable. */
  contacts: string;
  /** The name of LookupTable. */
  lookup: string;
}

export interface HashMatches {
  /** Whether any contact holds the identifier now. */
  any: boolean;
  /** Whether one that holds it is in the audience. */
  inAudience: boolean;
}

/** A profile and a membership for each contact in one request of at most 100 keys. */
const READ_BATCH_SIZE = 50;
/** A number of ours may stand in thousands of contacts, and whoever calls needs the same table. */
const READ_CONCURRENCY = 4;

/**
 * The index says where to look, the contacts say who holds the identifier, read consistently. Once one in the audience is
 * found, nothing more is read.
 *
 * @param hashes of the identifier, under every key version in use
 * @param options `consistent`: the index is read consistently too; a stream fills it, so it is behind all the same
 * @throws {UnavailableError}
 */
export async function findContactsByHash(
  tables: ContactTables,
  hashes: readonly string[],
  audience: string,
  { consistent = false }: { consistent?: boolean } = {},
): Promise<HashMatches> {
  const found = { any: false, inAudience: false };
  await forEachConcurrent(
    findCandidates(tables, hashes, consistent),
    READ_CONCURRENCY,
    async (ids) => {
      for (const { member } of await readMatches(tables, ids, hashes, audience)) {
        found.any = true;
        if (member) found.inAudience = true;
      }
    },
    () => found.inAudience,
  );
  return found;
}

/** Contacts that may hold it, as many as one request takes. */
async function* findCandidates(
  { client, lookup }: ContactTables,
  hashes: readonly string[],
  consistent: boolean,
): AsyncGenerator<string[]> {
  const seen = new Set<string>();
  for (const hash of hashes) {
    let from: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: lookup,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': hash },
          ConsistentRead: consistent,
          Limit: READ_BATCH_SIZE * READ_CONCURRENCY,
          ExclusiveStartKey: from,
        }),
      );
      const ids = Items.map(({ sk }) => String(sk)).filter((id) => !seen.has(id));
      for (const id of ids) seen.add(id);
      yield* chunks(ids, READ_BATCH_SIZE);
      from = LastEvaluatedKey;
    } while (from);
  }
}

async function readMatches(
  { client, contacts }: ContactTables,
  ids: readonly string[],
  hashes: readonly string[],
  audience: string,
): Promise<{ member: boolean }[]> {
  const items: Record<string, unknown>[] = [];
  const request = {
    Keys: ids.flatMap((id) => [contactKey(id), membershipKey(id, audience)]),
    ConsistentRead: true,
    ProjectionExpression: 'pk, sk, #keys',
    ExpressionAttributeNames: { '#keys': 'keys' },
  };
  const done = await withUnprocessedRetry<NonNullable<BatchGetCommandInput['RequestItems']>>(
    { [contacts]: request },
    async (RequestItems) => {
      const answer = await client.send(new BatchGetCommand({ RequestItems }));
      items.push(...(answer.Responses?.[contacts] ?? []));
      return answer.UnprocessedKeys;
    },
  );
  if (!done) throw new UnavailableError('UNAVAILABLE', 'ContactsTable left keys unprocessed. Try again.');
  const members = new Set(items.filter(({ sk }) => audienceIdOf(sk) === audience).map(({ pk }) => pk));
  return items
    .filter(({ sk, keys }) => sk === PROFILE && keys instanceof Set && hashes.some((hash) => keys.has(hash)))
    .map(({ pk }) => ({ member: members.has(contactPartition(contactIdOf(pk) ?? '')) }));
}

/**
 * Whether LookupTable has a row for one of the hashes of an identifier. A row may remain for a moment after its contact
 * changed. Use this to reject unknown identifiers, never to trust an identifier.
 */
export async function isKnownIdentifier(
  { client, lookup }: { client: DynamoDBDocumentClient; lookup: string },
  hashes: readonly string[],
  { consistent = false }: { consistent?: boolean } = {},
): Promise<boolean> {
  const rows = await Promise.all(
    hashes.map((hash) =>
      client.send(
        new QueryCommand({
          TableName: lookup,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': hash },
          Limit: 1,
          ConsistentRead: consistent,
        }),
      ),
    ),
  );
  return rows.some(({ Items = [] }) => Items.length > 0);
}
