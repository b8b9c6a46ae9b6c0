import type { AgentDetails } from '#core/directory/agents.ts';
import { fingerprintOf } from '#core/directory/agents.ts';
import { numberItem } from '#core/directory/numbers.ts';
import type { Reservation } from '#core/phonebook/index.ts';
import { findDamage } from '#support/directory.ts';
import {
  agentWith,
  DAY,
  directNumbers,
  MINUTE,
  type PhonebookTable,
  phonebookTable,
  poolRange,
  unused,
} from '#support/phonebook.ts';

const numbers = directNumbers(5);
const direct = { pool: 'direct', prefix: '+1613', count: 3 } as const;
let table: PhonebookTable;
let reservation: Reservation;

/** Five numbers, of which three are reserved; a user without a direct number, and one with. */
beforeEach(async () => {
  table = await phonebookTable([
    ...numbers.map(unused).map(numberItem),
    ...agentWith('a1', { extension: '1000' }),
    ...agentWith('a2', { extension: '1001', directNumber: '+16135550199' }),
  ]);
  reservation = await table.phonebook.reserveNumbers(direct);
});

afterEach(() => expect(findDamage(table.db.items)).toEqual([]));

function request(changes: object = {}) {
  const [phoneNumber = ''] = reservation.phoneNumbers;
  return { userId: 'a1', refId: reservation.refId, phoneNumber, replace: false, ...changes };
}

function statesOf(list: string[]): unknown[] {
  return list.map((number) => table.number(number)?.state);
}

test('assigns the chosen number and frees the other numbers', async () => {
  const [chosen = '', ...others] = reservation.phoneNumbers;

  await table.phonebook.assignNumber(request());

  expect(table.number(chosen)).toMatchObject({ state: 'ASSIGNED', agentId: 'a1', username: 'user-a1' });
  expect(table.agent('a1')).toMatchObject({ directNumber: chosen, extension: '1000' });
  expect(statesOf(others)).toEqual(['UNUSED', 'UNUSED']);
  expect(await table.phonebook.getUser('a1')).toEqual({
    ...{
      userId: 'a1',
      username: 'user-a1',
      displayName: 'Jane Roe',
      extension: '1000',
      directNumber: chosen,
    },
  });
});

test('a repeated assignment writes nothing, also after the reservation has expired', async () => {
  await table.phonebook.assignNumber(request());
  const { writes } = table.db;
  table.clock.advance(DAY);

  await table.phonebook.assignNumber(request());

  expect(table.db.writes).toBe(writes);
});

test('rejects a second number or another user for the same reservation', async () => {
  await table.phonebook.assignNumber(request());
  const used = { name: 'ConflictError', code: 'RESERVATION_USED' };

  await expect(
    table.phonebook.assignNumber(request({ phoneNumber: reservation.phoneNumbers[1] })),
  ).rejects.toMatchObject(used);
  await expect(table.phonebook.assignNumber(request({ userId: 'a2' }))).rejects.toMatchObject(used);
});

test.each([
  ['RESERVATION_NOT_FOUND', { refId: '00000000-0000-4000-8000-000000000000' }, 'refId'],
  ['NUMBER_NOT_IN_RESERVATION', { phoneNumber: '+16135550199' }, 'phoneNumber'],
  ['USER_NOT_FOUND', { userId: 'a9' }, 'userId'],
])('rejects with %s for %j', async (code, changes, field) => {
  await expect(table.phonebook.assignNumber(request(changes))).rejects.toMatchObject({
    name: 'NotFoundError',
    code,
    field,
  });
});

test('rejects an expired reservation whose numbers are still reserved', async () => {
  table.clock.advance(15 * MINUTE);

  await expect(table.phonebook.assignNumber(request())).rejects.toMatchObject({
    ...{ name: 'GoneError', code: 'RESERVATION_EXPIRED' },
  });
});

test('a preferred extension does not affect direct numbers', async () => {
  table.db.items.set('AGENT#a1 AGENT', { ...table.agent('a1'), preferredExtension: '1042' });

  await table.phonebook.assignNumber(request());

  expect(table.agent('a1')).toMatchObject({ directNumber: request().phoneNumber });
});

test('rejects a reservation whose numbers were reserved again by a process with a faster clock', async () => {
  table.clock.advance(15 * MINUTE);
  await table.phonebook.reserveNumbers({ ...direct, count: 5 });
  table.clock.advance(-15 * MINUTE);

  await expect(table.phonebook.assignNumber(request())).rejects.toMatchObject({
    code: 'RESERVATION_EXPIRED',
  });
});

test('rejects a user who has a number, unless replace is true', async () => {
  const ofA2 = request({ userId: 'a2' });
  await expect(table.phonebook.assignNumber(ofA2)).rejects.toMatchObject({
    ...{ name: 'ConflictError', code: 'USER_HAS_NUMBER' },
    message: expect.stringContaining('+16135550199'),
  });

  await table.phonebook.assignNumber({ ...ofA2, replace: true });

  expect(table.agent('a2')).toMatchObject({ directNumber: ofA2.phoneNumber });
  const dueAt = new Date(table.clock.now() + 30 * DAY).toISOString();
  expect(table.number('+16135550199')).toMatchObject({ state: 'QUARANTINED', dueAt });
});

test('rejects a number that left the instance after the reservation, and assigns another one', async () => {
  const [gone = '', other = ''] = reservation.phoneNumbers;
  const blocked = numberItem({ number: gone, pool: 'direct', state: 'BLOCKED', reason: 'NOT_IN_CONNECT' });
  table.db.items.set(`NUMBER#${gone} NUMBER`, blocked);

  await expect(table.phonebook.assignNumber(request())).rejects.toMatchObject({
    ...{ name: 'ConflictError', code: 'NUMBER_BLOCKED' },
  });
  await table.phonebook.assignNumber(request({ phoneNumber: other }));

  expect(table.number(gone)).toEqual(blocked);
  expect(table.agent('a1')).toMatchObject({ directNumber: other });
});

test('recognizes its own assignment when the response of the write was lost', async () => {
  const { phonebook, calls } = table.watched({
    fail: (call) => (call === 'TransactWrite' ? 'TransactionInProgressException' : undefined),
    after: true,
  });

  await phonebook.assignNumber(request());

  expect(calls.filter((call) => call === 'TransactWrite')).toHaveLength(2);
  expect(table.agent('a1')).toMatchObject({ directNumber: request().phoneNumber });
});

test('of fifty concurrent assignments, all those for one user succeed', async () => {
  const users = Array.from({ length: 50 }, (_, position) => (position % 2 === 0 ? 'a1' : 'a2'));

  const answers = await Promise.allSettled(
    users.map((userId) => table.another().assignNumber(request({ userId, replace: true }))),
  );

  const won = users.filter((_, position) => answers[position]?.status === 'fulfilled');
  expect(won.length).toBe(25);
  expect(new Set(won).size).toBe(1);
});

test('assigns a number without replace when the number of the agent no longer exists', async () => {
  table.db.items.delete('NUMBER#+16135550199 NUMBER');

  await table.phonebook.assignNumber(request({ userId: 'a2' }));

  expect(table.agent('a2')).toMatchObject({ directNumber: request().phoneNumber });
});

describe('extensions', () => {
  beforeEach(async () => {
    table = await phonebookTable([
      poolRange('1000-1009'),
      ...['1005', '1006', '1007'].map(unused).map(numberItem),
      ...agentWith('a1', { extension: '1000' }),
      ...agentWith('a2'),
    ]);
    reservation = await table.phonebook.reserveNumbers({ pool: 'extension', count: 3 });
  });

  test('assigns the chosen extension and quarantines the old one', async () => {
    await table.phonebook.assignNumber(request({ replace: true }));

    expect(table.agent('a1')).toMatchObject({ extension: '1005', gsi1pk: 'AGENT' });
    expect(statesOf(['1000', '1005', '1006', '1007'])).toEqual([
      'QUARANTINED',
      'ASSIGNED',
      'UNUSED',
      'UNUSED',
    ]);
    expect(table.item('SYNC', 'LAST_RUN')).toMatchObject({
      exportDue: new Date(table.clock.now()).toISOString(),
    });
  });

  test('a repeated assignment marks the export as due when the first call ended before that', async () => {
    // After the transaction comes the mark.
    const cutOff = table.watched({ fail: (call) => (call === 'Update' ? 'Killed' : undefined) });
    await expect(cutOff.phonebook.assignNumber(request({ userId: 'a2' }))).rejects.toThrow();
    expect(table.agent('a2')).toMatchObject({ extension: '1005' });
    expect(table.item('SYNC', 'LAST_RUN')).toBeUndefined();

    await table.phonebook.assignNumber(request({ userId: 'a2' }));

    expect(table.item('SYNC', 'LAST_RUN')).toHaveProperty('exportDue');
  });

  test('an agent from the waiting list can be found by name', async () => {
    await table.phonebook.assignNumber(request({ userId: 'a2' }));

    expect(table.agent('a2')).toMatchObject({ extension: '1005', gsi1pk: 'AGENT' });
    expect(table.agent('a2')).not.toHaveProperty('waitingSince');
    expect(table.item('NAME#763', '763#a2')).toBeDefined();
  });

  describe('with a preferred extension', () => {
    const setTag = (preferred: string) => {
      const details = { ...table.agent('a1'), preferredExtension: preferred } as AgentDetails;
      table.db.items.set('AGENT#a1 AGENT', { ...details, fingerprint: fingerprintOf(details) });
    };

    test('rejects another extension, because the next sync would replace it', async () => {
      setTag('1042');
      const { writes } = table.db;

      await expect(table.phonebook.assignNumber(request({ replace: true }))).rejects.toMatchObject({
        ...{ name: 'ConflictError', code: 'PREFERRED_EXTENSION_DIFFERS', field: 'userId' },
        message: expect.stringMatching(/"switchboard:extension" requests the extension 1042/),
      });
      expect(table.db.writes).toBe(writes);
    });

    test.each(['1005', 'reception'])('assigns the extension when the tag is %s', async (preferred) => {
      setTag(preferred);

      await table.phonebook.assignNumber(request({ replace: true }));

      expect(table.agent('a1')).toMatchObject({ extension: '1005' });
    });
  });

  test('keeps an extension that the range regains during the assignment', async () => {
    table.db.items.set('SYNC POOL_RANGE', poolRange('1000-1006'));
    const { phonebook } = table.watched({
      fail: (call) => {
        if (call === 'TransactWrite') table.db.items.set('SYNC POOL_RANGE', poolRange('1000-1009'));
        return undefined;
      },
    });

    await phonebook.assignNumber(request({ replace: true }));

    expect(statesOf(['1005', '1006', '1007'])).toEqual(['ASSIGNED', 'UNUSED', 'UNUSED']);
  });

  test('removes extensions that the range no longer contains', async () => {
    table.db.items.set('SYNC POOL_RANGE', poolRange('1000-1006'));
    const free = table.another({ quarantineDays: 0 });

    await free.assignNumber(request({ replace: true }));
    expect(statesOf(['1000', '1005', '1006', '1007'])).toEqual(['UNUSED', 'ASSIGNED', 'UNUSED', undefined]);

    table.db.items.set('SYNC POOL_RANGE', poolRange('1006-1009'));
    const { refId } = await free.reserveNumbers({ pool: 'extension', count: 1 });
    await free.assignNumber({ userId: 'a1', refId, phoneNumber: '1006', replace: true });
    expect(statesOf(['1005', '1006'])).toEqual([undefined, 'ASSIGNED']);
  });
});
