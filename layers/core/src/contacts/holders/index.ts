// Who holds an identifier, and in which of some audiences, without opening anybody.
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { chunks } from '../../platform/chunks.ts';
import { UnavailableError } from '../../platform/errors.ts';
import { sendUntilProcessed } from '../../platform/unprocessed.ts';
import { audienceIdOf, contactIdOf, contactKey, contactPartition, membershipKey, PROFILE } from '../keys.ts';

export interface HolderTables {
  client: DynamoDBDocumentClient;
  /** The name of ContactsTable. */
  contacts: string;
  /** The name of LookupTable. */
  lookup: string;
}

export interface Holders {
  /** Whether any contact holds the identifier now. */
  any: boolean;
  /** Whether one that holds it is in the audience. */
  inAudience: boolean;
}

/** A profile and a membership for each contact in one request of at most 100 keys. */
const CONTACTS_A_READ = 50;

/**
 * The index says where to look, the contacts say who holds the identifier, read consistently.
 *
 * @param hashes of the identifier, under every key version in use
 * @param options `consistent`: the index is read consistently too; a stream fills it, so it is behind all the same
 * @throws {UnavailableError}
 */
export async function findHolders(
  tables: HolderTables,
  hashes: readonly string[],
  audience: string,
  { consistent = false }: { consistent?: boolean } = {},
): Promise<Holders> {
  const pages = await Promise.all(hashes.map((hash) => candidatesOf(tables, hash, consistent)));
  const candidates = [...new Set(pages.flat())];
  const reads = chunks(candidates, CONTACTS_A_READ).map((ids) => readHolders(tables, ids, hashes, audience));
  const holders = (await Promise.all(reads)).flat();
  return { any: holders.length > 0, inAudience: holders.some(({ member }) => member) };
}

async function candidatesOf(
  { client, lookup }: HolderTables,
  hash: string,
  consistent: boolean,
): Promise<string[]> {
  const ids: string[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: lookup,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': hash },
        ConsistentRead: consistent,
        ExclusiveStartKey: from,
      }),
    );
    ids.push(...Items.map(({ sk }) => String(sk)));
    from = LastEvaluatedKey;
  } while (from);
  return ids;
}

async function readHolders(
  { client, contacts }: HolderTables,
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
  const done = await sendUntilProcessed<NonNullable<BatchGetCommandInput['RequestItems']>>(
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
