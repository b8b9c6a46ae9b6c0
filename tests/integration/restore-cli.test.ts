import { BatchWriteCommand, DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { chunks } from '#core/platform/chunks.ts';
import { runCommand } from '#support/cli.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const contact = (id: string, parts: object = {}) => ({
  pk: `CONTACT#${id}`,
  sk: 'PROFILE',
  version: 1,
  keys: new Set([`hash-of-${id}`]),
  blob: new Uint8Array([1, 2, 3]),
  ...parts,
});

let tables: FreshTables;
let restored: FreshTables;

beforeAll(async () => {
  tables = await freshTables();
});

/** A table of 130 contacts, and its restored copy. */
async function fill(): Promise<void> {
  [tables, restored] = [await freshTables(), await freshTables()];
  const all = Array.from({ length: 130 }, (_, id) => ({ PutRequest: { Item: contact(`${id}`) } }));
  for (const some of chunks(all, 25)) {
    for (const table of [tables.contacts, restored.contacts]) {
      await tables.client.send(new BatchWriteCommand({ RequestItems: { [table]: some } }));
    }
  }
}

const put = (TableName: string, Item: object) =>
  tables.client.send(new PutCommand({ TableName, Item: { ...Item } }));

const run = (...options: string[]) =>
  runCommand(['restore', '--dynamodb-endpoint', tables.endpoint, ...options]);

const named = () => ['--from', restored.contacts, '--to', tables.contacts];

test('makes a table hold the items of its restored copy, and writes only the differences', async () => {
  await fill();
  const { client, contacts } = tables;
  await client.send(new DeleteCommand({ TableName: contacts, Key: { pk: 'CONTACT#7', sk: 'PROFILE' } }));
  await put(contacts, contact('8', { version: 2 }));
  await put(contacts, contact('since then'));

  const counted = await run(...named());
  const written = await run(...named(), '--apply');
  const again = await run(...named());

  expect(counted.lines).toContain('130 items');
  expect(counted.lines).toContain('2 would be written, 1 would be deleted');
  expect(written.lines).toContain('2 written, 1 deleted');
  expect(again.lines).toContain('0 would be written, 0 would be deleted');
  const { Item } = await client.send(
    new GetCommand({ TableName: contacts, Key: { pk: 'CONTACT#8', sk: 'PROFILE' } }),
  );
  expect(Item).toEqual(contact('8'));
});

test.each([
  [['--from', 'a', '--to', 'a'], 'the same table'],
  [
    ['--from', 'switchboard-ContactsTable-1A2B3C4D5E6F7', '--to', 'contacts-restored'],
    'Set --from to the restored copy',
  ],
  [['--from', 'ContactsTable', '--to', 'contacts-restored'], 'Set --from to the restored copy'],
  [['--from', 'NoSuchTable', '--to', 'NorThis'], 'A table does not exist'],
])('refuses %j', async (options, words) => {
  const { code, errors } = await run(...options);

  expect(code).toBe(1);
  expect(errors).toContain(words);
});

test.each([
  ['directory', { pk: 'AGENT#1', sk: 'AGENT' }, 'AGENT'],
  ['directory', { pk: 'SYNC', sk: 'LAST_RUN' }, 'SYNC'],
  ['lookup', { pk: 'hEcxv0mQ2mPV9yX0Yd7Qq3l1w8rZ', sk: '1' }, 'hashes'],
] as const)(
  'does not change the contacts when --from is a copy of the %s table with %j',
  async (kind, item, shown) => {
    await fill();
    await put(restored[kind], item);

    const { code, errors } = await run('--from', restored[kind], '--to', tables.contacts, '--apply');

    expect(code).toBe(1);
    expect(errors).toContain(`${restored[kind]} has ${shown}, ${tables.contacts} has CONTACT. Nothing`);
    expect(errors).not.toContain('CONTACT#');
    expect((await run(...named())).lines).toContain('0 would be written, 0 would be deleted');
  },
);

test('an empty copy deletes every item only with --from-empty', async () => {
  await fill();
  const empty = ['--from', restored.lookup, '--to', tables.contacts];

  expect(await run(...empty, '--apply')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('is empty: every item of'),
  });
  expect((await run(...named())).lines).toContain('0 would be written, 0 would be deleted');
  expect((await run(...empty, '--apply', '--from-empty')).lines).toContain('0 written, 130 deleted');
});

test('fills a table that is empty', async () => {
  await fill();
  const into = ['--from', restored.contacts, '--to', tables.lookup];

  expect((await run(...into)).lines).toContain('130 would be written, 0 would be deleted');
});
