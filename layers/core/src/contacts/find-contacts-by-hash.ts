// Finds out whether contacts have an identifier, from hashes alone.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { chunks } from '#core/platform/chunks.ts';
import { batchGet } from '#core/platform/dynamodb/batch.ts';
import { queryPages } from '#core/platform/dynamodb/paginate.ts';
import { projection } from '#core/platform/dynamodb/projection.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { activeMemberships } from './memberships.ts';
import { type ContactTables, contactKey, membershipKey, PROFILE } from './table-keys.ts';

export interface HashMatches {
  /** Whether any contact has the identifier now. */
  any: boolean;
  /** Whether a contact that has it is in the audience. */
  inAudience: boolean;
}

/** A profile and a membership for each contact, in one request of at most 100 keys. */
const READ_BATCH_SIZE = 50;
/** Thousands of contacts may share a number, and callers need the same table. */
const READ_CONCURRENCY = 4;

/**
 * Finds out whether contacts have an identifier, and whether one of them is in an audience. The index names candidates;
 * the contacts, read consistently, decide. Once a member of the audience is found, nothing more is read.
 *
 * @param hashes of the identifier, under every key version in use
 * @param options `consistent`: read the index consistently too; it still follows the contacts with a delay
 * @throws {UnavailableError}
 */
export async function findContactsByHash(
  tables: ContactTables,
  hashes: readonly string[],
  audienceId: string,
  { consistent = false }: { consistent?: boolean } = {},
): Promise<HashMatches> {
  const matches = { any: false, inAudience: false };
  await forEachConcurrent(
    findCandidates(tables, hashes, consistent),
    READ_CONCURRENCY,
    async (contactIds) => {
      for (const { member } of await readMatches(tables, contactIds, hashes, audienceId)) {
        matches.any = true;
        if (member) matches.inAudience = true;
      }
    },
    () => matches.inAudience,
  );
  return matches;
}

/**
 * Whether LookupTable has a row for one of the hashes of an identifier. A row may remain for a moment after its contact
 * changed. Use this to reject unknown identifiers, never to trust an identifier.
 */
export async function isKnownIdentifier(
  { client, lookup }: Pick<ContactTables, 'client' | 'lookup'>,
  hashes: readonly string[],
  { consistent = false }: { consistent?: boolean } = {},
): Promise<boolean> {
  const rows = await Promise.all(
    hashes.map((hash) => client.send(new QueryCommand({ ...rowsQuery(lookup, hash, consistent), Limit: 1 }))),
  );
  return rows.some(({ Items = [] }) => Items.length > 0);
}

/** The IDs of contacts that may have the identifier, as many at a time as one request reads. */
async function* findCandidates(
  { client, lookup }: ContactTables,
  hashes: readonly string[],
  consistent: boolean,
): AsyncGenerator<string[]> {
  const seen = new Set<string>();
  for (const hash of hashes) {
    const query = { ...rowsQuery(lookup, hash, consistent), Limit: READ_BATCH_SIZE * READ_CONCURRENCY };
    for await (const { items } of queryPages(client, query)) {
      const contactIds = items.map(({ sk }) => String(sk)).filter((id) => !seen.has(id));
      for (const id of contactIds) seen.add(id);
      yield* chunks(contactIds, READ_BATCH_SIZE);
    }
  }
}

function rowsQuery(lookup: string, hash: string, consistent: boolean) {
  return {
    TableName: lookup,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': hash },
    ConsistentRead: consistent,
  };
}

async function readMatches(
  { client, contacts }: ContactTables,
  contactIds: readonly string[],
  hashes: readonly string[],
  audienceId: string,
): Promise<{ member: boolean }[]> {
  const keys = contactIds.flatMap((id) => [contactKey(id), membershipKey(id, audienceId)]);
  const items = await batchGet(client, contacts, keys, {
    ConsistentRead: true,
    ...projection('pk', 'sk', 'keys', 'until'),
  });
  const now = new Date();
  const members = new Set(
    items.filter((item) => activeMemberships([item], now).length > 0).map(({ pk }) => pk),
  );
  return items
    .filter(
      ({ sk, keys: own }) => sk === PROFILE && own instanceof Set && hashes.some((hash) => own.has(hash)),
    )
    .map(({ pk }) => ({ member: members.has(pk) }));
}
