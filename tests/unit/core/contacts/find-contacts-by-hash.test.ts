import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { findContactsByHash } from '#core/contacts/find-contacts-by-hash.ts';
import { contactIdOf, contactKey, membershipKey } from '#core/contacts/table-keys.ts';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
const dynamodb = mockClient(DynamoDBDocumentClient);
const tables = { client, contacts: 'contacts', lookup: 'lookup' };
const AUDIENCE = 'do-not-contact';

let atOnce = 0;
let mostAtOnce = 0;

/** Contacts that share one number, some of them in the audience; the index answers in pages as it is asked. */
function world(count: number, members: number[]) {
  const ids = Array.from({ length: count }, (_, at) => `c-${at}`);
  const inAudience = new Set(members.map((at) => `c-${at}`));
  dynamodb.on(QueryCommand).callsFake(({ Limit = count, ExclusiveStartKey }) => {
    const from = ExclusiveStartKey?.at ?? 0;
    const at = from + Limit;
    const Items = ids.slice(from, at).map((sk) => ({ pk: 'hash', sk }));
    return { Items, ...(at < count ? { LastEvaluatedKey: { at } } : {}) };
  });
  dynamodb.on(BatchGetCommand).callsFake(async ({ RequestItems }) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    await new Promise(setImmediate);
    atOnce -= 1;
    const keys: { pk: string; sk: string }[] = RequestItems.contacts.Keys;
    const items = keys.flatMap((key) => {
      const id = contactIdOf(key.pk) ?? '';
      if (key.sk === contactKey(id).sk) return [{ ...key, keys: new Set(['hash']) }];
      return inAudience.has(id) ? [membershipKey(id, AUDIENCE)] : [];
    });
    return { Responses: { contacts: items } };
  });
}

beforeEach(() => {
  dynamodb.reset();
  atOnce = 0;
  mostAtOnce = 0;
});

const reads = () => dynamodb.commandCalls(BatchGetCommand).length;

test('of a number that a thousand contacts share, few are read at once, and all when nobody objects', async () => {
  world(1_000, []);

  expect(await findContactsByHash(tables, ['hash'], AUDIENCE)).toEqual({ any: true, inAudience: false });
  expect({ reads: reads(), mostAtOnce }).toEqual({ reads: 20, mostAtOnce: 4 });
});

test('nothing more is read once somebody objects', async () => {
  world(1_000, [7]);

  expect(await findContactsByHash(tables, ['hash'], AUDIENCE)).toEqual({ any: true, inAudience: true });
  expect(reads()).toBeLessThanOrEqual(4);
});

test('the last one of a thousand is found', async () => {
  world(1_000, [999]);

  expect(await findContactsByHash(tables, ['hash'], AUDIENCE)).toEqual({ any: true, inAudience: true });
});

test('a contact that two key versions name is read once', async () => {
  world(1, []);

  expect(await findContactsByHash(tables, ['hash', 'older'], AUDIENCE)).toEqual({
    any: true,
    inAudience: false,
  });
  expect(reads()).toBe(1);
});
