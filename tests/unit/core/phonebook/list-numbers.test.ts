import { type DirectoryNumber, numberItem } from '#core/directory/numbers.ts';
import type { ListedNumber, NumberState } from '#core/phonebook/index.ts';
import { agentWith, directNumbers, type PhonebookTable, phonebookTable, unused } from '#support/phonebook.ts';

const dueAt = '2026-11-01T09:00:00.000Z';
const blocked: DirectoryNumber = {
  number: '+16135550190',
  pool: 'direct',
  state: 'BLOCKED',
  reason: 'NO_FLOW',
};

async function all(table: PhonebookTable, state: NumberState, pool: string, limit: number) {
  const pages: ListedNumber[][] = [];
  let after: string | undefined;
  do {
    const { numbers, next } = await table.phonebook.listNumbers({
      state,
      pool,
      limit,
      ...(after ? { after } : {}),
    });
    expect(numbers.length).toBeLessThanOrEqual(limit);
    pages.push(numbers);
    after = next;
  } while (after !== undefined);
  return pages;
}

test('lists the numbers of a state and pool in pages, each once and in order', async () => {
  const numbers = directNumbers(10);
  const table = await phonebookTable([...numbers.map(unused), unused('1005'), blocked].map(numberItem));

  const pages = await all(table, 'UNUSED', 'direct', 4);

  expect(pages.map((page) => page.length)).toEqual([4, 4, 2]);
  expect(pages.flat().map(({ phoneNumber }) => phoneNumber)).toEqual(numbers);
});

test('lists the user, the reason, or the due time of a number', async () => {
  const table = await phonebookTable([
    ...agentWith('a1', { extension: '1000', directNumber: '+16135550101' }),
    numberItem(blocked),
    numberItem({ number: '1007', pool: 'extension', state: 'QUARANTINED', dueAt }),
    numberItem({ number: '1008', pool: 'extension', state: 'RESERVED', dueAt, reservationId: 'r1' }),
  ]);

  const listed = async (state: NumberState, pool: string) => (await all(table, state, pool, 5)).flat();
  expect(await listed('ASSIGNED', 'direct')).toEqual([
    { phoneNumber: '+16135550101', pool: 'direct', state: 'ASSIGNED', userId: 'a1' },
  ]);
  expect(await listed('ASSIGNED', 'extension')).toMatchObject([{ phoneNumber: '1000', userId: 'a1' }]);
  expect(await listed('BLOCKED', 'direct')).toMatchObject([
    { phoneNumber: '+16135550190', reason: 'NO_FLOW' },
  ]);
  expect(await listed('QUARANTINED', 'extension')).toMatchObject([{ phoneNumber: '1007', dueAt }]);
  expect(await listed('RESERVED', 'extension')).toMatchObject([{ phoneNumber: '1008', dueAt }]);
  expect(await listed('RESERVED', 'direct')).toEqual([]);
});

test('finds a reserved number among thousands of quarantined numbers, over several pages', async () => {
  const quarantined = Array.from({ length: 4_500 }, (_, position) =>
    numberItem({ number: String(10_000 + position), pool: 'extension', state: 'QUARANTINED', dueAt }),
  );
  const reserved: DirectoryNumber = {
    number: '19999',
    pool: 'extension',
    state: 'RESERVED',
    dueAt,
    reservationId: 'r1',
  };
  const table = await phonebookTable([]);
  // One batch, because the emulated table writes it at once.
  await table.db.client.send({
    constructor: { name: 'BatchWriteCommand' },
    input: {
      RequestItems: {
        directory: [...quarantined, numberItem(reserved)].map((Item) => ({ PutRequest: { Item } })),
      },
    },
  } as never);

  const pages = await all(table, 'RESERVED', 'extension', 10);

  expect(pages.map((page) => page.length)).toEqual([0, 0, 1]);
});

test.each(['', '!', 'x', 'UNUSED', '1000 '])('rejects an invalid place in the list: %j', async (after) => {
  const table = await phonebookTable([]);

  await expect(
    table.phonebook.listNumbers({ state: 'UNUSED', pool: 'direct', limit: 5, after }),
  ).rejects.toMatchObject({ name: 'InvalidInputError', code: 'INVALID_TOKEN', field: 'nextToken' });
});

test('finds a number in any state', async () => {
  const { phonebook } = await phonebookTable([numberItem(blocked)]);

  expect(await phonebook.hasNumber('+16135550190')).toBe(true);
  expect(await phonebook.hasNumber('+16135550191')).toBe(false);
});

test('returns a user without numbers, and undefined for an unknown user', async () => {
  const { phonebook } = await phonebookTable(agentWith('a1'));

  expect(await phonebook.getUser('a1')).toEqual({
    userId: 'a1',
    username: 'user-a1',
    displayName: 'Jane Roe',
  });
  expect(await phonebook.getUser('a2')).toBeUndefined();
});
