import { numberItem } from '#core/directory/numbers.ts';
import { findDamage } from '#support/directory.ts';
import {
  agentWith,
  DAY,
  type PhonebookTable,
  phonebookTable,
  poolRange,
  unused,
} from '#support/phonebook.ts';

const number = '+16135550100';
let table: PhonebookTable;

beforeEach(async () => {
  table = await phonebookTable([
    poolRange('1000-1009'),
    ...agentWith('a1', { extension: '1000', directNumber: number }),
    ...agentWith('a2', { extension: '1001' }),
    numberItem(unused('+16135550101')),
  ]);
});

test('quarantines a direct number, and accepts a repeated release', async () => {
  await table.phonebook.releaseNumber({ userId: 'a1', phoneNumber: number });
  await table.phonebook.releaseNumber({ userId: 'a1', phoneNumber: number });

  const dueAt = new Date(table.clock.now() + 30 * DAY).toISOString();
  expect(table.number(number)).toMatchObject({ state: 'QUARANTINED', dueAt });
  expect(table.agent('a1')).not.toHaveProperty('directNumber');
  expect(table.agent('a1')).toMatchObject({ extension: '1000' });
  expect(findDamage(table.db.items)).toEqual([]);
});

test('frees the number at once without a quarantine', async () => {
  await table.another({ quarantineDays: 0 }).releaseNumber({ userId: 'a1', phoneNumber: number });

  expect(table.number(number)).toMatchObject({ state: 'UNUSED', gsi1pk: 'UNUSED#direct' });
});

test('puts an agent without an extension on the waiting list and removes the name rows', async () => {
  await table.phonebook.releaseNumber({ userId: 'a1', phoneNumber: '1000' });

  expect(table.agent('a1')).toMatchObject({ gsi1pk: 'WAITING', directNumber: number });
  expect(table.agent('a1')).not.toHaveProperty('extension');
  expect(table.item('NAME#763', '763#a1')).toBeUndefined();
  expect(table.item('SYNC', 'LAST_RUN')).toHaveProperty('exportDue');
  expect(findDamage(table.db.items)).toEqual([]);
});

test('removes an extension outside the range without a quarantine, and accepts a repeated release', async () => {
  table.db.items.set('SYNC POOL_RANGE', poolRange('2000-2009'));
  const release = () =>
    table.another({ quarantineDays: 0 }).releaseNumber({ userId: 'a1', phoneNumber: '1000' });
  await release();

  expect(table.number('1000')).toBeUndefined();
  await expect(release()).resolves.toBeUndefined();
});

test.each([
  ['NUMBER_NOT_FOUND', { userId: 'a9', phoneNumber: '+16135550999' }],
  ['NUMBER_NOT_FOUND', { userId: 'a1', phoneNumber: '+16135550999' }],
  ['NUMBER_NOT_FOUND', { userId: 'a1', phoneNumber: '1005' }],
  ['USER_NOT_FOUND', { userId: 'a9', phoneNumber: number }],
  ['USER_NOT_FOUND', { userId: 'a9', phoneNumber: '+16135550101' }],
  ['NUMBER_ASSIGNED_TO_OTHER_USER', { userId: 'a2', phoneNumber: number }],
])('rejects with %s for %j', async (code, request) => {
  const name = code === 'NUMBER_ASSIGNED_TO_OTHER_USER' ? 'ConflictError' : 'NotFoundError';

  await expect(table.phonebook.releaseNumber(request)).rejects.toMatchObject({ name, code });
});

test('accepts the release of an unassigned number', async () => {
  await expect(
    table.phonebook.releaseNumber({ userId: 'a1', phoneNumber: '+16135550101' }),
  ).resolves.toBeUndefined();
});

test.each([
  ['does not exist', () => table.db.items.delete('AGENT#a1 AGENT')],
  [
    'has another',
    () => table.db.items.set('AGENT#a1 AGENT', { ...table.agent('a1'), directNumber: '+16135550101' }),
  ],
])('quarantines a number whose agent %s', async (_, damage) => {
  damage();

  await table.phonebook.releaseNumber({ userId: 'a1', phoneNumber: number });

  expect(table.number(number)).toMatchObject({ state: 'QUARANTINED' });
});

test('clears the agent when the agent gets the number during the release', async () => {
  const { db } = table;
  const naming = table.agent('a1') ?? {};
  const { directNumber: _, ...silent } = naming;
  db.items.set('AGENT#a1 AGENT', silent);
  const { phonebook } = table.watched({
    done: (call) => {
      if (call === 'BatchGet') db.items.set('AGENT#a1 AGENT', naming);
    },
  });

  await phonebook.releaseNumber({ userId: 'a1', phoneNumber: number });

  expect(table.number(number)).toMatchObject({ state: 'QUARANTINED' });
  expect(findDamage(db.items)).toEqual([]);
});

test('a repeated release marks the export as due when the first call ended before that', async () => {
  const release = (phonebook = table.phonebook) =>
    phonebook.releaseNumber({ userId: 'a1', phoneNumber: '1000' });
  // After the transaction comes the mark.
  const cutOff = table.watched({ fail: (call) => (call === 'Update' ? 'Killed' : undefined) });
  await expect(release(cutOff.phonebook)).rejects.toThrow();
  expect(table.number('1000')).toMatchObject({ state: 'QUARANTINED' });
  expect(table.item('SYNC', 'LAST_RUN')).toBeUndefined();

  await release();

  expect(table.item('SYNC', 'LAST_RUN')).toHaveProperty('exportDue');
});
