import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { freshTables } from '#support/tables.ts';

test('fresh tables are empty, usable and apart from each other', async () => {
  const [one, two] = await Promise.all([freshTables(), freshTables()]);

  await one.client.send(
    new PutCommand({ TableName: one.contacts, Item: { pk: 'CONTACT#1', sk: 'PROFILE' } }),
  );

  const key = { pk: 'CONTACT#1', sk: 'PROFILE' };
  const read = async (table: string) =>
    (await one.client.send(new GetCommand({ TableName: table, Key: key }))).Item;
  expect(await read(one.contacts)).toEqual(key);
  expect(await read(two.contacts)).toBeUndefined();
  expect(await read(one.lookup)).toBeUndefined();
  expect(await read(one.directory)).toBeUndefined();
});
