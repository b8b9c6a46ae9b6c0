import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MAX_SPELLINGS } from '#core/directory/name-rows.ts';
import { spellName } from '#core/directory/name-spelling.ts';
import { findAgentsByKeys } from '#core/names/find-agents-by-name.ts';
import { expireNumbers } from '#core/phonebook/expire-numbers.ts';
import { type fakeUser, INSTANCE_ARN } from '#support/directory.ts';
import { useSyncedDirectory } from '#support/synced-directory.ts';

const { world, items, directory, hire: hireUser, ...rest } = useSyncedDirectory('1000-1009');
const sync = (event: unknown = {}, range = '1000-1009', quarantineDays = 30) =>
  rest.sync(event, { range, quarantineDays });

function hire(id: string, firstName: string, lastName: string, more: Parameters<typeof fakeUser>[1] = {}) {
  hireUser(id, { firstName, lastName, ...more });
}

async function found(keys: string): Promise<string[]> {
  const { matches } = await findAgentsByKeys(directory(), keys);
  return matches.map(({ agentId }) => agentId);
}

async function rowsOf(id: string): Promise<string[]> {
  const keys = [...(await items()).keys()];
  return keys.filter((key) => key.startsWith('NAME#') && key.endsWith(`#${id}`));
}

test('finds agents by name, exact spellings before longer ones', async () => {
  hire('eva', 'Eva', 'Müller');
  hire('max', 'Max', 'Muellermann');
  hire('jan', 'Jan', 'de Vries');
  await sync();

  expect(await found('685537')).toEqual(['eva']);
  expect(await found('6835537')).toEqual(['eva', 'max']);
  expect(await found('3387437')).toEqual(['jan']);
  expect(await found('87437526')).toEqual(['jan']);
  expect(await found('999')).toEqual([]);
});

test('writes three rows for a name with one spelling each', async () => {
  hire('a', 'Jane', 'Roe');
  await sync();

  expect(await rowsOf('a')).toHaveLength(3);
});

test('finds a renamed agent by the new name only, with any number of spellings', async () => {
  const [old, now] = [
    ['Jörg', 'von Müller'],
    ['Søren', 'van Åkerlund'],
  ] as const;
  hire('a', ...old);
  await sync();
  expect(await rowsOf('a')).toHaveLength(MAX_SPELLINGS);
  hire('a', ...now);

  await expect(sync()).resolves.toMatchObject({ status: 'DONE', counts: { updated: 1 } });

  expect(await rowsOf('a')).toHaveLength(MAX_SPELLINGS);
  for (const keys of spellName({ firstName: old[0], lastName: old[1] }))
    expect(await found(keys)).toEqual([]);
  for (const keys of spellName({ firstName: now[0], lastName: now[1] }))
    expect(await found(keys)).toEqual(['a']);
});

test.each([0, 30])('does not find an agent who left, with %i days of quarantine', async (days) => {
  hire('a', 'Jane', 'Roe');
  hire('b', 'Max', 'Weber');
  await sync({}, '1000-1009', days);
  world.connect.users.delete('a');

  await sync({}, '1000-1009', days);

  expect(await found('763')).toEqual([]);
  expect(await rowsOf('a')).toEqual([]);
});

test('the tag switchboard:unlisted hides an agent, and removing it shows the agent again', async () => {
  hire('a', 'Jane', 'Roe', { unlisted: 'true' });
  await sync();
  expect(await found('763')).toEqual([]);
  expect(await rowsOf('a')).toEqual([]);

  hire('a', 'Jane', 'Roe');
  await sync();
  expect(await found('763')).toEqual(['a']);

  hire('a', 'Jane', 'Roe', { unlisted: 'True ' });
  const resourceArn = `${INSTANCE_ARN}/agent/a`;
  await sync({ detail: { eventName: 'TagResource', requestParameters: { resourceArn } } });
  expect(await rowsOf('a')).toEqual([]);
});

test('finds a waiting agent as soon as number-expiry assigns an extension', async () => {
  hire('a', 'Jane', 'Roe');
  await sync({}, '10-10', 1);
  hire('b', 'Eva', 'Müller');
  await sync({}, '10-10', 1);
  expect(await found('685537')).toEqual([]);

  world.connect.users.delete('a');
  await sync({ acceptShrink: true }, '10-10', 1);
  await expireNumbers(directory(), Date.parse('2030-01-01'));

  expect(await found('685537')).toEqual(['b']);
});

test('spells the names of older agents in the next sync', async () => {
  hire('a', 'Jane', 'Roe');
  hire('b', 'Eva', 'Müller');
  await sync();
  for (const id of ['a', 'b']) await forgetSpellings(id);

  await expect(sync()).resolves.toMatchObject({ status: 'DONE', counts: { updated: 2 } });

  expect(await found('763')).toEqual(['a']);
  expect(await found('685537')).toEqual(['b']);
});

test('spells the name of an older waiting agent to whom number-expiry assigned an extension', async () => {
  hire('a', 'Jane', 'Roe');
  await sync({}, '10-10', 1);
  hire('b', 'Eva', 'Müller');
  world.connect.users.delete('a');
  await sync({ acceptShrink: true }, '10-10', 1);
  await forgetSpellings('b');
  await expireNumbers(directory(), Date.parse('2030-01-01'));
  expect(await found('685537')).toEqual([]);

  await sync({}, '10-10', 1);

  expect(await found('685537')).toEqual(['b']);
});

/** As an older version left an agent. */
async function forgetSpellings(id: string): Promise<void> {
  for (const row of await rowsOf(id)) {
    const [pk, sk] = row.split(' ');
    await world.tables.client.send(new DeleteCommand({ TableName: world.tables.directory, Key: { pk, sk } }));
  }
  await world.tables.client.send(
    new UpdateCommand({
      TableName: world.tables.directory,
      Key: { pk: `AGENT#${id}`, sk: 'AGENT' },
      UpdateExpression: 'SET fingerprint = :old REMOVE spellings',
      ExpressionAttributeValues: { ':old': 'of-an-older-version' },
    }),
  );
}
