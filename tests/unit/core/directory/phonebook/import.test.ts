import { numberItem } from '../../../../../layers/core/src/directory/numbers.ts';
import { importDirectNumber } from '../../../../../layers/core/src/directory/phonebook/index.ts';
import { phonebookTable, unused } from '../../../../support/phonebook.ts';

const phoneNumber = '+16135550100';

test.each([['connect'], ['import'], [undefined]] as const)(
  'a file says whether a number may text, wherever it comes from: %s',
  async (source) => {
    const { db, number } = await phonebookTable([
      numberItem({ ...unused(phoneNumber), ...(source === undefined ? {} : { source }) }),
    ]);
    const directory = { client: db.client, table: 'directory', sleep: async () => {} };

    expect(await importDirectNumber(directory, { phoneNumber, sms: false })).toBe('written');
    expect(await importDirectNumber(directory, { phoneNumber, sms: false })).toBe('unchanged');

    expect(number(phoneNumber)).toMatchObject({ state: 'UNUSED', sms: false });
    expect(number(phoneNumber)?.source).toBe(source);
  },
);
