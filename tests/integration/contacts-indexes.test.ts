// A second index definition beside the one that is shipped, through every process that maintains indexes.
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { toProfileItem } from '#core/contacts/index.ts';
import { IDENTIFIER_INDEX, type IndexDefinition } from '#core/contacts/indexing/index.ts';
import { reindex, rotateKeys } from '#core/contacts/maintenance/index.ts';
import { scanPages } from '#core/platform/dynamodb/paginate.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { contactBody, testKeyring } from '#support/contacts.ts';
import { startIndexer } from '#support/live-index.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const NAME_INDEX: IndexDefinition = {
  name: 'names',
  attribute: 'nameTokens',
  rowPrefix: 'NAME#',
  hashesOf: (keyring, { firstName }) => (firstName ? [keyring.hash(`name:${firstName}`)] : []),
};
const BOTH = [IDENTIFIER_INDEX, NAME_INDEX];
const [OLD, ROTATING] = [testKeyring([1]), testKeyring([2, 1])];
const SCAN = { segments: 1, overlapMs: 0 };

const identifierRow = (keyring: Keyring, id: string) => `${keyring.hash(`ref:${id}`)} ${id}`;
const nameRow = (keyring: Keyring, id: string) => `NAME#${keyring.hash(`name:${id}`)} ${id}`;

let tables: FreshTables;
beforeEach(async () => {
  tables = await freshTables();
});

async function put(id: string, parts: Parameters<typeof contactBody>[0] = {}) {
  const body = contactBody({ firstName: id, identifiers: [`ref:${id}`], ...parts });
  const state = { version: 1, updatedAt: new Date(0).toISOString() };
  const Item = toProfileItem(OLD, id, body, state, BOTH);
  await tables.client.send(new PutCommand({ TableName: tables.contacts, Item }));
}

async function putRow(row: string) {
  const [pk, sk] = row.split(' ');
  await tables.client.send(new PutCommand({ TableName: tables.lookup, Item: { pk, sk } }));
}

async function rows(): Promise<string[]> {
  const found: string[] = [];
  const scan = { TableName: tables.lookup, ConsistentRead: true };
  for await (const { items } of scanPages(tables.client, scan)) {
    found.push(...items.map(({ pk, sk }) => `${pk} ${sk}`));
  }
  return found.sort();
}

it('the indexer follows the stream for both indexes', async () => {
  const indexer = await startIndexer({ ...tables, definitions: BOTH });
  await put('a');
  await put('b');
  await put('b', { firstName: 'c' });
  const Key = { pk: 'CONTACT#a', sk: 'PROFILE' };
  await tables.client.send(new DeleteCommand({ TableName: tables.contacts, Key }));
  await indexer.drained();
  await indexer.stop();

  expect(await rows()).toEqual([identifierRow(OLD, 'b'), `NAME#${OLD.hash('name:c')} b`].sort());
});

it('reindex of one index leaves the rows of the other as they are', async () => {
  const [staleIdentifier, staleName] = [identifierRow(OLD, 'gone'), nameRow(OLD, 'gone')];
  await put('a');
  await putRow(staleIdentifier);
  await putRow(staleName);

  expect(await reindex({ ...tables, definitions: [NAME_INDEX] }, SCAN)).toMatchObject({
    added: 1,
    removed: 1,
  });
  expect(await rows()).toEqual([staleIdentifier, nameRow(OLD, 'a')].sort());

  expect(await reindex(tables, SCAN)).toMatchObject({ added: 1, removed: 1 });
  expect(await rows()).toEqual([identifierRow(OLD, 'a'), nameRow(OLD, 'a')].sort());

  expect(await reindex({ ...tables, definitions: BOTH }, SCAN)).toMatchObject({ added: 0, removed: 0 });
});

it('rotate-keys moves both indexes', async () => {
  await put('a');
  await reindex({ ...tables, definitions: BOTH }, SCAN);

  await rotateKeys({ ...tables, definitions: BOTH, keyring: ROTATING }, SCAN);

  expect(await rows()).toEqual([identifierRow(ROTATING, 'a'), nameRow(ROTATING, 'a')].sort());
});
