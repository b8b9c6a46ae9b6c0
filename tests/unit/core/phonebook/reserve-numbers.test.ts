import { numberItem } from '#core/directory/numbers.ts';
import { watchClient } from '#support/contacts.ts';
import {
  agentWith,
  DAY,
  directNumbers,
  MINUTE,
  phonebookTable,
  poolRange,
  unused,
} from '#support/phonebook.ts';

const seven = directNumbers(7);
const direct = { pool: 'direct', prefix: '+1613', count: 5 } as const;

test('reserves the requested count of numbers of the area code until the reservation expires', async () => {
  const table = await phonebookTable([...directNumbers(30), '+14165550100'].map(unused).map(numberItem));

  const { refId, phoneNumbers, expiresAt } = await table.phonebook.reserveNumbers(direct);

  expect(refId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(phoneNumbers).toHaveLength(5);
  expect(phoneNumbers).toEqual(phoneNumbers.toSorted());
  expect(Date.parse(expiresAt)).toBe(table.clock.now() + 15 * MINUTE);
  for (const number of phoneNumbers) {
    expect(number).toMatch(/^\+1613/);
    expect(table.number(number)).toMatchObject({
      ...{ state: 'RESERVED', dueAt: expiresAt, reservationId: refId },
      ...{ gsi1pk: 'DUE', gsi1sk: `${expiresAt}#${number}` },
    });
  }
  const ttl = Date.parse(expiresAt) / 1_000 + 7 * 86_400;
  expect(table.item(`RESERVATION#${refId}`, 'RESERVATION')).toMatchObject({ numbers: phoneNumbers, ttl });
});

test('reserves a small pool to the last number, then rejects with NO_NUMBERS_AVAILABLE', async () => {
  const { phonebook } = await phonebookTable(seven.map(unused).map(numberItem));

  const first = await phonebook.reserveNumbers(direct);
  const second = await phonebook.reserveNumbers(direct);

  expect([...first.phoneNumbers, ...second.phoneNumbers].toSorted()).toEqual(seven);
  await expect(phonebook.reserveNumbers(direct)).rejects.toMatchObject({
    name: 'ConflictError',
    code: 'NO_NUMBERS_AVAILABLE',
  });
});

test.each([
  [
    'assigned',
    { state: 'ASSIGNED', owner: { agentId: 'a1', arn: '', username: '', firstName: '', lastName: '' } },
  ],
  ['quarantined', { state: 'QUARANTINED', dueAt: '2026-11-01T09:00:00.000Z' }],
  ['blocked', { state: 'BLOCKED', reason: 'NO_FLOW' }],
] as const)(
  'rejects with NO_NUMBERS_AVAILABLE when all numbers of the area code are %s',
  async (_, status) => {
    const { phonebook } = await phonebookTable([
      numberItem({ number: '+16135550100', pool: 'direct', ...status }),
      numberItem(unused('+14165550100')),
    ]);

    await expect(phonebook.reserveNumbers(direct)).rejects.toMatchObject({ code: 'NO_NUMBERS_AVAILABLE' });
  },
);

test('rejects an area code without numbers with NUMBERS_NOT_FOUND', async () => {
  const { phonebook } = await phonebookTable([
    numberItem(unused('+14165550100')),
    ...agentWith('a1', { extension: '1613' }),
  ]);

  await expect(phonebook.reserveNumbers(direct)).rejects.toMatchObject({
    ...{ name: 'NotFoundError', code: 'NUMBERS_NOT_FOUND', field: 'areaCode' },
    message: expect.stringContaining('+1613'),
  });
});

test('reads a limited count of quarantined numbers to reject an area code', async () => {
  const quarantined = directNumbers(1_600).map((number) =>
    numberItem({ number, pool: 'direct', state: 'QUARANTINED', dueAt: '2027-01-01T00:00:00.000Z' }),
  );
  const { phonebook, db } = await phonebookTable(quarantined);
  const asked = jest.spyOn(db.client, 'send');

  await expect(phonebook.reserveNumbers({ ...direct, prefix: '+1416' })).rejects.toMatchObject({
    code: 'NO_NUMBERS_AVAILABLE',
  });

  expect(asked.mock.calls.length).toBeLessThan(12);
});

test('reserves extensions within the range only', async () => {
  const { phonebook } = await phonebookTable([
    poolRange('1000-1001'),
    ...['0999', '1000', '1001'].map(unused).map(numberItem),
  ]);

  expect(await phonebook.reserveNumbers({ pool: 'extension', count: 3 })).toMatchObject({
    phoneNumbers: ['1000', '1001'],
  });
  const empty = await phonebookTable([]);
  await expect(empty.phonebook.reserveNumbers({ pool: 'extension', count: 1 })).rejects.toMatchObject({
    ...{ code: 'NUMBERS_NOT_FOUND', field: 'pool' },
  });
});

test('reserves the numbers of an expired reservation', async () => {
  const table = await phonebookTable(seven.map(unused).map(numberItem));
  const old = await table.phonebook.reserveNumbers({ ...direct, count: 7 });
  table.clock.advance(15 * MINUTE);

  const { refId, phoneNumbers } = await table.phonebook.reserveNumbers({ ...direct, count: 7 });

  expect(phoneNumbers).toEqual(old.phoneNumbers);
  expect(table.number(seven[0] ?? '')).toMatchObject({ reservationId: refId });
});

test('concurrent requests with the same key get the same reservation', async () => {
  const { phonebook, another } = await phonebookTable(directNumbers(100).map(unused).map(numberItem));
  const request = { ...direct, idempotencyKey: 'k1' };

  const answers = await Promise.all(Array.from({ length: 20 }, () => another().reserveNumbers(request)));

  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.refId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const other = await phonebook.reserveNumbers({ ...request, idempotencyKey: 'k2' });
  expect(other.refId).not.toBe(answers[0]?.refId);
});

test('rejects a key with another request, and a key whose reservation has expired', async () => {
  const { phonebook, clock } = await phonebookTable(seven.map(unused).map(numberItem));
  const request = { ...direct, count: 1, idempotencyKey: 'k1' };
  await phonebook.reserveNumbers(request);

  await expect(phonebook.reserveNumbers({ ...request, count: 2 })).rejects.toMatchObject({
    ...{ name: 'UnprocessableError', code: 'IDEMPOTENCY_KEY_REUSED' },
  });
  clock.advance(15 * MINUTE);
  await expect(phonebook.reserveNumbers(request)).rejects.toMatchObject({
    ...{ name: 'GoneError', code: 'RESERVATION_EXPIRED', field: 'Idempotency-Key' },
    message: expect.stringContaining('a new Idempotency-Key'),
  });
});

test('rejects a key whose reservation was used, because its other numbers are free again', async () => {
  const { phonebook, clock } = await phonebookTable([
    ...seven.map(unused).map(numberItem),
    ...agentWith('a1', { extension: '1000' }),
  ]);
  const request = { ...direct, idempotencyKey: 'k1' };
  const { refId, phoneNumbers } = await phonebook.reserveNumbers(request);
  const [phoneNumber = ''] = phoneNumbers;
  await phonebook.assignNumber({ userId: 'a1', refId, phoneNumber, replace: false });

  for (const minutes of [1, 60]) {
    clock.advance(minutes * MINUTE);
    await expect(phonebook.reserveNumbers(request)).rejects.toMatchObject({
      ...{ name: 'ConflictError', code: 'RESERVATION_USED', field: 'Idempotency-Key' },
      message: expect.stringMatching(`\\${phoneNumber} .* assigned to the user a1`),
    });
  }
});

test('returns its own reservation when the response of the write was lost', async () => {
  const table = await phonebookTable(seven.map(unused).map(numberItem));
  const { phonebook, calls } = table.watched({
    fail: (call) => (call === 'TransactWrite' ? 'TransactionInProgressException' : undefined),
    after: true,
  });

  const { phoneNumbers } = await phonebook.reserveNumbers(direct);

  expect(calls.filter((call) => call === 'TransactWrite')).toHaveLength(2);
  expect(phoneNumbers).toHaveLength(5);
  const reserved = seven.filter((number) => table.number(number)?.state === 'RESERVED');
  expect(reserved).toEqual(phoneNumbers);
});

test('rejects with DIRECTORY_BUSY after eight conflicts', async () => {
  const { db, another } = await phonebookTable(seven.map(unused).map(numberItem));
  const { client } = watchClient(db.client, {
    fail: (call) => (call === 'TransactWrite' ? 'TransactionConflictException' : undefined),
  });
  const directory = { client, table: 'directory' };
  const clock = { now: () => 0, random: () => 0.5, sleep: jest.fn(async () => {}) };

  await expect(another({ directory, clock }).reserveNumbers(direct)).rejects.toMatchObject({
    ...{ name: 'UnavailableError', code: 'DIRECTORY_BUSY' },
  });
  // It does not wait after the last attempt.
  expect(clock.sleep).toHaveBeenCalledTimes(7);
});

test('concurrent reservations are distributed over the pool', async () => {
  const { another } = await phonebookTable(directNumbers(1_000).map(unused).map(numberItem));

  const firsts = [];
  for (let client = 0; client < 40; client += 1) {
    firsts.push((await another().reserveNumbers({ ...direct, count: 1 })).phoneNumbers[0] ?? '');
  }

  const tenths = new Set(firsts.map((number) => Math.floor((Number(number.slice(-4)) - 100) / 100)));
  expect(tenths.size).toBeGreaterThan(6);
});

test('reserves a pool of several pages to the last number', async () => {
  const all = directNumbers(130);
  const { phonebook } = await phonebookTable(all.map(unused).map(numberItem));

  const reserved: string[] = [];
  while (reserved.length < all.length) {
    reserved.push(...(await phonebook.reserveNumbers({ ...direct, count: 20 })).phoneNumbers);
  }

  expect(reserved.toSorted()).toEqual(all);
  await expect(phonebook.reserveNumbers(direct)).rejects.toMatchObject({ code: 'NO_NUMBERS_AVAILABLE' });
});

test('finds numbers that joined a large pool a minute ago', async () => {
  const { another, put, clock } = await phonebookTable(directNumbers(130).map(unused).map(numberItem));
  const atTheEnd = another({ clock: { ...clock, random: () => 0.99 } });
  const reserveOne = async () => (await atTheEnd.reserveNumbers({ ...direct, count: 1 })).phoneNumbers[0];
  await reserveOne();
  const joined = directNumbers(130, 5_000);
  await put(...joined.map(unused).map(numberItem));

  clock.advance(MINUTE);

  expect(joined).toContain(await reserveOne());
});

test('does not reserve a number twice when the index is behind', async () => {
  const table = await phonebookTable(seven.map(unused).map(numberItem));
  await table.phonebook.reserveNumbers({ ...direct, count: 1 });
  table.db.catchUp = 0;

  const { phoneNumbers } = await table.another().reserveNumbers({ ...direct, count: 7 });

  expect(phoneNumbers).toHaveLength(6);
  await expect(table.another().reserveNumbers(direct)).rejects.toMatchObject({
    code: 'NO_NUMBERS_AVAILABLE',
  });
  table.clock.advance(DAY);
});
