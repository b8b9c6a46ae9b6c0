import { type DirectNumberDetails, numberItem } from '#core/directory/numbers.ts';
import { importDirectNumber } from '#core/phonebook/index.ts';
import { watchClient } from '#support/contacts.ts';
import { phonebookTable, unused } from '#support/phonebook.ts';

const phoneNumber = '+16135550100';
const said = { phoneNumber, sms: false, country: 'US', type: 'TOLL_FREE' };

/** @param details the stored details. Without them, the number does not exist. */
async function tableWith(details?: DirectNumberDetails) {
  const table = await phonebookTable(details ? [numberItem({ ...unused(phoneNumber), ...details })] : []);
  const directory = { client: table.db.client, table: 'directory', sleep: async () => {} };
  return { ...table, directory };
}

test('adds a new number as unused, and a repeated import changes nothing', async () => {
  const { directory, number } = await tableWith();

  expect(await importDirectNumber(directory, said)).toBe('written');
  expect(await importDirectNumber(directory, said)).toBe('unchanged');

  expect(number(phoneNumber)).toMatchObject({
    ...{ source: 'import', state: 'UNUSED', gsi1pk: 'UNUSED#direct' },
    ...{ sms: false, country: 'US', type: 'TOLL_FREE' },
  });
});

test.each([['connect'], ['import'], [undefined]] as const)(
  'sets whether a number can send texts, from any source: %s',
  async (source) => {
    const { directory, number } = await tableWith(source === undefined ? {} : { source });

    expect(await importDirectNumber(directory, { phoneNumber, sms: false })).toBe('written');
    expect(await importDirectNumber(directory, { phoneNumber, sms: false })).toBe('unchanged');

    expect(number(phoneNumber)).toMatchObject({ state: 'UNUSED', sms: false });
    expect(number(phoneNumber)?.source).toBe(source);
  },
);

test('changes only sms of a number of the instance', async () => {
  const { directory, number } = await tableWith({ source: 'connect', country: 'CA', type: 'DID' });

  expect(await importDirectNumber(directory, said)).toBe('written');

  expect(number(phoneNumber)).toMatchObject({ source: 'connect', country: 'CA', type: 'DID', sms: false });
});

test('changes the given details of an imported number', async () => {
  const { directory, number } = await tableWith({ source: 'import', country: 'CA', type: 'DID', sms: false });

  expect(await importDirectNumber(directory, { phoneNumber, country: 'US' })).toBe('written');

  expect(number(phoneNumber)).toMatchObject({ country: 'US', type: 'DID', sms: false });
});

test('keeps the details of a number that a sync adds during the import', async () => {
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

test('rejects with DIRECTORY_BUSY after too many conflicts', async () => {
  const { directory, db } = await tableWith({ source: 'connect' });
  const { client } = watchClient(db.client, {
    fail: (call) => (call === 'Update' ? 'ConditionalCheckFailedException' : undefined),
  });

  await expect(importDirectNumber({ ...directory, client }, said)).rejects.toMatchObject({
    code: 'DIRECTORY_BUSY',
  });
});
