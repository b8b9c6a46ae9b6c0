import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { numberItem } from '#core/directory/numbers.ts';
import { sweepEnds, sweepNumbers } from '#core/phonebook/number-expiry.ts';
import { chaoticClient, seededRandom } from '#support/chaos.ts';
import { watched } from '#support/contacts.ts';
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
  await table.phonebook.reserve({ pool: 'direct', prefix: '+1613', count: 5 });
  await table.phonebook.reserve({ pool: 'extension', count: 5 });
});

afterEach(() => expect(findDamage(table.db.items)).toEqual([]));

function sweep(client = table.db.client, stops: Parameters<typeof sweepNumbers>[2] = {}) {
  return sweepNumbers({ client, table: 'directory', sleep: async () => {} }, table.clock.now(), stops);
}

function states(): unknown[] {
  return [...table.db.items.values()].filter(({ sk }) => sk === 'NUMBER').map(({ state }) => state);
}

test('reservations that expired are ended, and no others', async () => {
  expect(await sweep()).toMatchObject({ status: 'DONE', counts: { expired: 0 } });
  table.clock.advance(15 * MINUTE);

  expect(await sweep()).toEqual({ status: 'DONE', counts: { freed: 0, expired: 10, removed: 0, served: 0 } });

  expect(states()).toEqual(Array(10).fill('UNUSED'));
});

test('an extension that the range no longer contains leaves the directory with its reservation', async () => {
  table.db.items.set('SYNC SEED', poolRange('1000-1002'));
  table.clock.advance(15 * MINUTE);

  expect(await sweep()).toMatchObject({ counts: { expired: 8, removed: 2 } });

  expect(table.number('1003')).toBeUndefined();
});

test.each([
  ['loses at this moment leaves the directory at the next sweep', '1000-1004', '1000-1002', undefined],
  ['gains again at this moment is free at the next sweep', '1000-1002', '1000-1004', 'UNUSED'],
])('an extension that the range %s', async (_, before, after, state) => {
  table.db.items.set('SYNC SEED', poolRange(before));
  table.clock.advance(15 * MINUTE);
  const { client } = watched(table.db.client, {
    done: (call) => {
      // The range was read, and nothing is written yet.
      if (call === 'Query') table.db.items.set('SYNC SEED', poolRange(after));
    },
  });

  await sweep(client);
  await sweep();

  expect(table.number('1003')?.state).toBe(state);
  expect(table.number('1002')?.state).toBe('UNUSED');
});

test('a sweep whose time is over ends nothing more, says so, and the next one goes on', async () => {
  table.clock.advance(15 * MINUTE);
  let looks = 0;
  const ending = () => {
    looks += 1;
    return looks > 3;
  };

  expect(await sweep(table.db.client, { ending })).toMatchObject({
    ...{ status: 'PARTIAL', counts: { expired: 3 } },
  });
  expect(states().filter((state) => state === 'RESERVED')).toHaveLength(7);

  expect(await sweep()).toMatchObject({ status: 'DONE', counts: { expired: 7 } });
});

test.each([0, 1, 2, 5, 9])(
  'a sweep that is killed after %i calls is continued by the next',
  async (killAt) => {
    table.clock.advance(15 * MINUTE);
    const chaos = { killAt, side: 'after', faults: 0 } as const;

    await expect(sweep(chaoticClient(table.db.client, chaos, seededRandom(killAt)))).rejects.toThrow();
    await sweep();

    expect(states()).toEqual(Array(10).fill('UNUSED'));
  },
);

test('a freed extension goes to the agent who waits, who keeps its direct number', async () => {
  const [number = ''] = directNumbers(1, 50);
  for (const item of agentWith('a1', { directNumber: number }))
    table.db.items.set(`${item.pk} ${item.sk}`, item);
  await table.another().user('a1');
  table.clock.advance(15 * MINUTE);
  await table.phonebook.release({ userId: 'a1', phoneNumber: number });
  const { refId, phoneNumbers } = await table.phonebook.reserve({
    pool: 'direct',
    prefix: '+1613',
    count: 1,
  });
  await table.phonebook.assign({ userId: 'a1', refId, phoneNumber: phoneNumbers[0] ?? '', replace: false });

  expect(await sweep()).toMatchObject({ counts: { served: 1 } });

  expect(table.agent('a1')).toMatchObject({ extension: '1000', directNumber: phoneNumbers[0] });
});

test('those who wait are served, however much is due', async () => {
  for (const Item of [...agentWith('a1'), numberItem(unused('1009')), poolRange('1000-1009')]) {
    await table.db.client.send(new PutCommand({ TableName: 'directory', Item }));
  }
  table.clock.advance(15 * MINUTE);
  const directory = { client: table.db.client, table: 'directory', sleep: async () => {} };

  expect(await sweepNumbers(directory, table.clock.now(), { ending: () => true })).toEqual({
    status: 'PARTIAL',
    counts: { freed: 0, expired: 0, removed: 0, served: 1 },
  });
  expect(table.agent('a1')).toMatchObject({ extension: '1009' });
});

test('what is due is ended side by side', async () => {
  table.clock.advance(15 * MINUTE);
  const { client } = table.db;
  let running = 0;
  let most = 0;
  const counting = {
    async send(command: Parameters<typeof client.send>[0]) {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      return client.send(command).finally(() => {
        running -= 1;
      });
    },
  };

  await sweep(counting as unknown as typeof client);

  expect(most).toBeGreaterThan(5);
});

test('a sweep is over before the next one begins, and sooner where the time is short', () => {
  expect(sweepEnds(1_000, 300_000)).toEqual({ ending: 41_000, all: 51_000 });
  expect(sweepEnds(0, 20_000)).toEqual({ ending: 8_000, all: 10_000 });
});

test('the quarantine of a direct number ends too', async () => {
  const [number = ''] = directNumbers(1, 50);
  for (const item of agentWith('a1', { extension: '1009', directNumber: number })) {
    table.db.items.set(`${item.pk} ${item.sk}`, item);
  }
  await table.phonebook.release({ userId: 'a1', phoneNumber: number });
  table.clock.advance(30 * DAY);

  expect(await sweep()).toMatchObject({ counts: { freed: 1 } });

  expect(table.number(number)).toMatchObject({ state: 'UNUSED' });
});
