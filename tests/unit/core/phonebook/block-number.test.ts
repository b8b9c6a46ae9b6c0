import { numberItem } from '#core/directory/numbers.ts';
import { blockNumber, unblockNumber } from '#core/phonebook/index.ts';
import { findDamage } from '#support/directory.ts';
import { agentWith, DAY, type PhonebookTable, phonebookTable } from '#support/phonebook.ts';

const number = '+16135550100';
const dueAt = '2026-12-01T08:00:00.000Z';
const imported = { number, pool: 'direct', source: 'import', sms: false } as const;
let table: PhonebookTable;

async function given(item: Record<string, unknown>): Promise<void> {
  table = await phonebookTable([item]);
}

const directory = () => ({ client: table.db.client, table: 'directory', sleep: async () => {} });
const block = () => blockNumber(directory(), number);
const unblock = (now = Date.parse(dueAt) - DAY) => unblockNumber(directory(), number, now);

test.each([
  ['an unused number', { state: 'UNUSED' }, { state: 'UNUSED' }],
  ['a quarantined number', { state: 'QUARANTINED', dueAt }, { state: 'QUARANTINED', dueAt }],
  ['a reserved number', { state: 'RESERVED', dueAt, reservationId: 'r' }, { state: 'UNUSED' }],
  [
    'a number that is not in Connect',
    { state: 'BLOCKED', reason: 'NOT_IN_CONNECT', heldUntil: dueAt },
    { state: 'QUARANTINED', dueAt },
  ],
] as const)('blocks and unblocks %s', async (_, status, back) => {
  await given(numberItem({ ...imported, ...status }));

  expect(await block()).toMatchObject({ state: 'BLOCKED', reason: 'MANUAL' });
  const { writes } = table.db;
  expect(await block()).toMatchObject({ state: 'BLOCKED', reason: 'MANUAL' });
  expect(table.db.writes).toBe(writes);
  expect(table.number(number)).toMatchObject({ gsi1pk: 'BLOCKED#direct', sms: false, source: 'import' });

  expect(await unblock()).toEqual({ ...imported, ...back });
  expect(table.number(number)).toEqual(numberItem({ ...imported, ...back }));
});

test('unblocks a number whose quarantine has ended as unused', async () => {
  await given(numberItem({ ...imported, state: 'QUARANTINED', dueAt }));
  await block();

  expect(await unblock(Date.parse(dueAt))).toMatchObject({ state: 'UNUSED' });
});

test('a number of the instance stays blocked until the sync has read which flow answers it', async () => {
  await given(numberItem({ ...imported, source: 'connect', state: 'UNUSED' }));
  await block();

  expect(await unblock()).toMatchObject({ state: 'BLOCKED', reason: 'NO_FLOW' });
});

test('does not unblock a number that is blocked for another reason', async () => {
  const blocked = numberItem({ ...imported, state: 'BLOCKED', reason: 'OTHER_FLOW' });
  await given(blocked);

  expect(await unblock()).toMatchObject({ reason: 'OTHER_FLOW' });
  expect(table.number(number)).toEqual(blocked);
});

test('rejects an assigned number without a write', async () => {
  table = await phonebookTable(agentWith('a1', { extension: '1000', directNumber: number }));
  const { writes } = table.db;

  await expect(block()).rejects.toMatchObject({
    ...{ name: 'ConflictError', code: 'NUMBER_ASSIGNED' },
    message: expect.stringContaining('POST /phonebook/release'),
  });
  expect(table.db.writes).toBe(writes);
  expect(findDamage(table.db.items)).toEqual([]);
});

test.each([block, unblock])('rejects a number that does not exist', async (change) => {
  table = await phonebookTable([]);

  await expect(change()).rejects.toMatchObject({ code: 'NUMBER_NOT_FOUND' });
});
