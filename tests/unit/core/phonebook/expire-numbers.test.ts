import { numberItem } from '#core/directory/numbers.ts';
import { expiryDeadlines } from '#core/phonebook/create-number-expiry.ts';
import { expireNumbers } from '#core/phonebook/expire-numbers.ts';
import { chaoticClient, seededRandom } from '#support/chaos.ts';
import { watchClient } from '#support/contacts.ts';
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

let table: PhonebookTable;

beforeEach(async () => {
  table = await phonebookTable([
    poolRange('1000-1004'),
    ...[...directNumbers(5), '1000', '1001', '1002', '1003', '1004'].map(unused).map(numberItem),
  ]);
  await table.phonebook.reserveNumbers({ pool: 'direct', prefix: '+1613', count: 5 });
  await table.phonebook.reserveNumbers({ pool: 'extension', count: 5 });
});

afterEach(() => expect(findDamage(table.db.items)).toEqual([]));

function expire(client = table.db.client, limits: Parameters<typeof expireNumbers>[2] = {}) {
  return expireNumbers({ client, table: 'directory', sleep: async () => {} }, table.clock.now(), limits);
}

function states(): unknown[] {
  return [...table.db.items.values()].filter(({ sk }) => sk === 'NUMBER').map(({ state }) => state);
}

test('expires only reservations that are due', async () => {
  expect(await expire()).toMatchObject({ status: 'DONE', counts: { reservedNumbersExpired: 0 } });
  table.clock.advance(15 * MINUTE);

  expect(await expire()).toEqual({
    status: 'DONE',
    counts: { quarantinesEnded: 0, reservedNumbersExpired: 10, numbersRemoved: 0, waitingAgentsAssigned: 0 },
  });

  expect(states()).toEqual(Array(10).fill('UNUSED'));
});

test('removes a reserved extension that the range no longer contains', async () => {
  table.db.items.set('SYNC POOL_RANGE', poolRange('1000-1002'));
  table.clock.advance(15 * MINUTE);

  expect(await expire()).toMatchObject({ counts: { reservedNumbersExpired: 8, numbersRemoved: 2 } });

  expect(table.number('1003')).toBeUndefined();
});

test.each([
  ['loses during a run leaves the directory in the next run', '1000-1004', '1000-1002', undefined],
  ['regains during a run is unused after the next run', '1000-1002', '1000-1004', 'UNUSED'],
])('an extension that the range %s', async (_, before, after, state) => {
  table.db.items.set('SYNC POOL_RANGE', poolRange(before));
  table.clock.advance(15 * MINUTE);
  const { client } = watchClient(table.db.client, {
    done: (call) => {
      // After the range was read and before anything is written.
      if (call === 'Query') table.db.items.set('SYNC POOL_RANGE', poolRange(after));
    },
  });

  await expire(client);
  await expire();

  expect(table.number('1003')?.state).toBe(state);
  expect(table.number('1002')?.state).toBe('UNUSED');
});

test('a run that has no time left reports PARTIAL, and the next run continues', async () => {
  table.clock.advance(15 * MINUTE);
  let looks = 0;
  const stopExpiry = () => {
    looks += 1;
    return looks > 3;
  };

  expect(await expire(table.db.client, { stopExpiry })).toMatchObject({
    status: 'PARTIAL',
    counts: { reservedNumbersExpired: 3 },
  });
  expect(states().filter((state) => state === 'RESERVED')).toHaveLength(7);

  expect(await expire()).toMatchObject({ status: 'DONE', counts: { reservedNumbersExpired: 7 } });
});

test.each([0, 1, 2, 5, 9])('the next run continues a run that was killed after %i calls', async (killAt) => {
  table.clock.advance(15 * MINUTE);
  const chaos = { killAt, side: 'after', faults: 0 } as const;

  await expect(expire(chaoticClient(table.db.client, chaos, seededRandom(killAt)))).rejects.toThrow();
  await expire();

  expect(states()).toEqual(Array(10).fill('UNUSED'));
});

test('a freed extension is assigned to a waiting agent, who keeps the direct number', async () => {
  const [number = ''] = directNumbers(1, 50);
  await table.put(...agentWith('a1', { directNumber: number }));
  table.clock.advance(15 * MINUTE);
  await table.phonebook.releaseNumber({ userId: 'a1', phoneNumber: number });
  const { refId, phoneNumbers } = await table.phonebook.reserveNumbers({
    pool: 'direct',
    prefix: '+1613',
    count: 1,
  });
  await table.phonebook.assignNumber({
    userId: 'a1',
    refId,
    phoneNumber: phoneNumbers[0] ?? '',
    replace: false,
  });

  expect(await expire()).toMatchObject({ counts: { waitingAgentsAssigned: 1 } });

  expect(table.agent('a1')).toMatchObject({ extension: '1000', directNumber: phoneNumbers[0] });
});

test('waiting agents get extensions even when there is no time to expire what is due', async () => {
  await table.put(...agentWith('a1'), numberItem(unused('1009')), poolRange('1000-1009'));
  table.clock.advance(15 * MINUTE);

  expect(await expire(table.db.client, { stopExpiry: () => true })).toEqual({
    status: 'PARTIAL',
    counts: { quarantinesEnded: 0, reservedNumbersExpired: 0, numbersRemoved: 0, waitingAgentsAssigned: 1 },
  });
  expect(table.agent('a1')).toMatchObject({ extension: '1009' });
});

test('numbers expire in parallel', async () => {
  table.clock.advance(15 * MINUTE);
  const { client } = table.db;
  let running = 0;
  let maxRunning = 0;
  const counting = {
    async send(command: Parameters<typeof client.send>[0]) {
      running += 1;
      maxRunning = Math.max(maxRunning, running);
      await new Promise(setImmediate);
      return client.send(command).finally(() => {
        running -= 1;
      });
    },
  };

  await expire(counting as unknown as typeof client);

  expect(maxRunning).toBeGreaterThan(5);
});

test('a run ends before the next one begins, and within half of the remaining time', () => {
  expect(expiryDeadlines(1_000, 300_000)).toEqual({ expiryEndsAt: 41_000, endsAt: 51_000 });
  expect(expiryDeadlines(0, 20_000)).toEqual({ expiryEndsAt: 8_000, endsAt: 10_000 });
});

test('ends the quarantine of a direct number', async () => {
  const [number = ''] = directNumbers(1, 50);
  await table.put(...agentWith('a1', { extension: '1009', directNumber: number }));
  await table.phonebook.releaseNumber({ userId: 'a1', phoneNumber: number });
  table.clock.advance(30 * DAY);

  expect(await expire()).toMatchObject({ counts: { quarantinesEnded: 1 } });

  expect(table.number(number)).toMatchObject({ state: 'UNUSED' });
});
