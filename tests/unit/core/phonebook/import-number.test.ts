import { type DirectNumberDetails, numberItem } from '#core/directory/numbers.ts';
import { importDirectNumber } from '#core/phonebook/index.ts';
import { watchClient } from '#support/contacts.ts';
import { phonebookTable, unused } from '#support/phonebook.ts';

const phoneNumber = '+16135550100';
const said = { phoneNumber, sms: false, country: 'US', type: 'TOLL_FREE' };

/** What is known of the number; undefined: nothing. */
async function tableWith(details?: DirectNumberDetails) {
  const table = await phonebookTable(details ? [numberItem({ ...unused(phoneNumber), ...details })] : []);
  const directory = { client: table.db.client, table: 'directory', sleep: async () => {} };
  return { ...table, directory };
}

test('a number that nobody knows is free from now on, and the same again changes nothing', async () => {
  const { directory, number } = await tableWith();

  expect(await importDirectNumber(directory, said)).toBe('written');
  expect(await importDirectNumber(directory, said)).toBe('unchanged');

  expect(number(phoneNumber)).toMatchObject({
    ...{ source: 'import', state: 'UNUSED', gsi1pk: 'UNUSED#direct' },
    ...{ sms: false, country: 'US', type: 'TOLL_FREE' },
  });
});

test.each([['connect'], ['import'], [undefined]] as const)(
  'a file says whether a number may text, wherever it comes from: %s',
  async (source) => {
    const { directory, number } = await tableWith(source === undefined ? {} : { source });

    expect(await importDirectNumber(directory, { phoneNumber, sms: false })).toBe('written');
    expect(await importDirectNumber(directory, { phoneNumber, sms: false })).toBe('unchanged');

    expect(number(phoneNumber)).toMatchObject({ state: 'UNUSED', sms: false });
    expect(number(phoneNumber)?.source).toBe(source);
  },
);

test('of a number of the instance only whether it may send texts is changed', async () => {
  const { directory, number } = await tableWith({ source: 'connect', country: 'CA', type: 'DID' });

  expect(await importDirectNumber(directory, said)).toBe('written');

  expect(number(phoneNumber)).toMatchObject({ source: 'connect', country: 'CA', type: 'DID', sms: false });
});

test('of an imported number all that is said is changed, and the rest stays', async () => {
  const { directory, number } = await tableWith({ source: 'import', country: 'CA', type: 'DID', sms: false });

  expect(await importDirectNumber(directory, { phoneNumber, country: 'US' })).toBe('written');

  expect(number(phoneNumber)).toMatchObject({ country: 'US', type: 'DID', sms: false });
});

test('a number that becomes the instance’s while it is imported keeps what the instance says of it', async () => {
  const { directory, db, number } = await tableWith({ source: 'import' });
  const theirs = { ...number(phoneNumber), source: 'connect', country: 'CA', type: 'DID' };
  let reads = 0;
  const { client } = watchClient(db.client, {
    done: (call) => {
      if (call === 'Get' && ++reads === 1) db.items.set(`NUMBER#${phoneNumber} NUMBER`, theirs);
    },
  });

  expect(await importDirectNumber({ ...directory, client }, said)).toBe('written');

  expect(number(phoneNumber)).toEqual({ ...theirs, sms: false });
});

test('a number that others keep changing is to be tried again', async () => {
  const { directory, db } = await tableWith({ source: 'connect' });
  const { client } = watchClient(db.client, {
    fail: (call) => (call === 'Update' ? 'ConditionalCheckFailedException' : undefined),
  });

  await expect(importDirectNumber({ ...directory, client }, said)).rejects.toMatchObject({
    code: 'DIRECTORY_BUSY',
  });
});
