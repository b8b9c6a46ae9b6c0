// The phonebook's API on DynamoDB: conditions, transactions, and the index. The rules of each use case are in
// tests/unit/core/phonebook.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { numberItem } from '#core/directory/numbers.ts';
import { createPhonebookRoutes } from '#core/phonebook/api/index.ts';
import { createPhonebook } from '#core/phonebook/index.ts';
import { createApiHandler } from '#core/platform/handlers/rest-api.ts';
import { seededRandom } from '#support/chaos.ts';
import { watchClient } from '#support/contacts.ts';
import { type FakeClock, fakeClock } from '#support/directory.ts';
import { openApi } from '#support/openapi.ts';
import { agentWith, DAY, directNumbers, MINUTE, unused } from '#support/phonebook.ts';
import { apiEvent } from '#support/rest.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const api = openApi();
let tables: FreshTables;
let clock: FakeClock;
let calls: string[];
let handler: ReturnType<typeof createApiHandler>;

beforeEach(async () => {
  tables = await freshTables();
  clock = { ...fakeClock(), random: seededRandom(28) };
  const watch = watchClient(tables.client, {});
  calls = watch.calls;
  const directory = { client: watch.client, table: tables.directory };
  const phonebook = createPhonebook({ directory, reservationMs: 15 * MINUTE, quarantineDays: 30, clock });
  handler = createApiHandler('phonebook-api', createPhonebookRoutes({ phonebook, country: 'US' }));
});

async function call(method: string, path: string, sent: Parameters<typeof apiEvent>[2] = {}) {
  const event = apiEvent(method, path, sent) as unknown as APIGatewayProxyEvent;
  const { statusCode, body } = await handler(event, {} as Context);
  const answer = { status: statusCode, body: JSON.parse(body) };
  const route = path.replace(/(?<=find\/).*/, '{phoneNumber}').replace(/(?<=users\/).*/, '{userId}');
  expect(api.responseFaults(method, route, statusCode, answer.body)).toBe('');
  return answer;
}
const find = (number: string) => call('GET', `/phonebook/find/${number}`);
const reserve = (body: object, key?: string) =>
  call('POST', '/phonebook/reserve', { body, ...(key ? { headers: { 'Idempotency-Key': key } } : {}) });
const assign = (body: object) => call('POST', '/phonebook/assign', { body });
const release = (userId: string, phoneNumber: string) =>
  call('POST', '/phonebook/release', { body: { userId, phoneNumber } });
const user = async (userId: string) => (await call('GET', `/phonebook/users/${userId}`)).body;
const list = async (state: string, pool = 'direct') => {
  const numbers: Record<string, unknown>[] = [];
  let nextToken: string | undefined;
  do {
    const query = { state, pool, limit: '3', ...(nextToken ? { nextToken } : {}) };
    const { status, body } = await call('GET', '/phonebook/numbers', { query });
    expect(status).toBe(200);
    numbers.push(...body.numbers);
    nextToken = body.nextToken;
  } while (nextToken);
  return numbers;
};
const numbersIn = async (state: string, pool?: string) =>
  (await list(state, pool)).map(({ phoneNumber }) => phoneNumber);
const rejection = (status: number, code: string) => ({
  status,
  body: { error: expect.objectContaining({ code }) },
});

async function store(...items: Record<string, unknown>[]): Promise<void> {
  for (const Item of items) {
    await tables.client.send(new PutCommand({ TableName: tables.directory, Item }));
  }
}
const storeUnused = (...numbers: string[]) => store(...numbers.map(unused).map(numberItem));

/** Reserves two direct numbers and assigns the first one. */
async function assignDirect(userId: string) {
  const { refId, phoneNumbers } = (await reserve({ areaCode: 613, count: 2 })).body;
  const choice = { userId, refId, phoneNumber: phoneNumbers[0] };
  return { choice, answer: await assign(choice) };
}

test('find takes one read, and finds direct numbers and extensions in any state', async () => {
  await storeUnused('+16135550100', '0042');
  await store(numberItem({ ...unused('+16135550101'), state: 'BLOCKED', reason: 'NO_FLOW' }));

  for (const number of ['+16135550100', '%2B16135550101', '0042']) {
    expect(await find(number)).toEqual({ status: 200, body: { exists: true } });
  }
  for (const number of ['+16135550102', '42', '6135550']) {
    expect(await find(number)).toEqual({ status: 200, body: { exists: false } });
  }
  expect(calls).toEqual(Array(6).fill('Get'));
});

describe('POST /phonebook/reserve', () => {
  it('reserves the numbers that there are, then rejects with 409, and with 404 if there were none', async () => {
    const ottawa = directNumbers(4);
    await storeUnused(...ottawa, '+14165550100');

    const { status, body } = await reserve({ areaCode: 613, count: 20 });

    expect(status).toBe(200);
    expect(body.phoneNumbers).toEqual(ottawa);
    expect(Date.parse(body.expiresAt)).toBe(clock.now() + 15 * MINUTE);
    expect(await numbersIn('RESERVED')).toEqual(ottawa);
    expect(await reserve({ areaCode: 613 })).toEqual(rejection(409, 'NO_NUMBERS_AVAILABLE'));
    expect(await reserve({ areaCode: 212 })).toEqual(rejection(404, 'NUMBERS_NOT_FOUND'));
    expect(await reserve({ pool: 'extension' })).toEqual(rejection(404, 'NUMBERS_NOT_FOUND'));
  });

  it('responds to concurrent and repeated requests with the same key with one reservation', async () => {
    await storeUnused(...directNumbers(30));

    const [first, second] = await Promise.all([
      reserve({ areaCode: 613 }, 'key-1'),
      reserve({ areaCode: '613' }, 'key-1'),
    ]);
    expect(first.status).toBe(200);
    expect(second).toEqual(first);
    expect(await reserve({ areaCode: 613, count: 5 }, 'key-1')).toEqual(first);
    expect(await reserve({ areaCode: 613, count: 4 }, 'key-1')).toEqual(
      rejection(422, 'IDEMPOTENCY_KEY_REUSED'),
    );
    clock.advance(15 * MINUTE);
    expect(await reserve({ areaCode: 613 }, 'key-1')).toEqual(rejection(410, 'RESERVATION_EXPIRED'));
  });
});

describe('POST /phonebook/assign', () => {
  it('assigns the number, frees the other numbers, and accepts a repeated request a day later', async () => {
    await storeUnused(...directNumbers(3));
    await store(...agentWith('ada', { extension: '1042' }));

    const { choice, answer } = await assignDirect('ada');

    const { phoneNumber } = choice;
    expect(answer).toEqual({ status: 200, body: { assigned: true } });
    expect(await user('ada')).toMatchObject({ extension: '1042', directNumber: phoneNumber });
    expect(await numbersIn('UNUSED')).toEqual(directNumbers(3).filter((number) => number !== phoneNumber));
    expect(await list('ASSIGNED')).toEqual([
      { phoneNumber, pool: 'direct', state: 'ASSIGNED', userId: 'ada' },
    ]);
    clock.advance(DAY);
    expect(await assign(choice)).toEqual({ status: 200, body: { assigned: true } });
  });

  it('assigns one number when two concurrent requests use one reservation', async () => {
    await storeUnused(...directNumbers(2));
    await store(...agentWith('ada'), ...agentWith('ben'));
    const { refId, phoneNumbers } = (await reserve({ areaCode: 613, count: 2 })).body;

    const answers = await Promise.all([
      assign({ userId: 'ada', refId, phoneNumber: phoneNumbers[0] }),
      assign({ userId: 'ben', refId, phoneNumber: phoneNumbers[1] }),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await numbersIn('ASSIGNED')).toHaveLength(1);
    expect(await numbersIn('UNUSED')).toHaveLength(1);
  });

  it('replaces an extension, and quarantines the old one', async () => {
    await storeUnused('1000');
    await store(...agentWith('ada', { extension: '1042' }));
    const { refId } = (await reserve({ pool: 'extension' })).body;
    const choice = { userId: 'ada', refId, phoneNumber: '1000' };

    expect(await assign(choice)).toEqual(rejection(409, 'USER_HAS_NUMBER'));
    expect(await assign({ ...choice, replace: true })).toMatchObject({ status: 200 });
    expect(await user('ada')).toMatchObject({ extension: '1000' });
    expect(await list('QUARANTINED', 'extension')).toEqual([
      {
        ...{ phoneNumber: '1042', pool: 'extension', state: 'QUARANTINED' },
        dueAt: new Date(clock.now() + 30 * DAY).toISOString(),
      },
    ]);
  });
});

describe('POST /phonebook/release', () => {
  it('quarantines the number once, for concurrent and repeated requests', async () => {
    await storeUnused(...directNumbers(2));
    await store(...agentWith('ada'));
    const { phoneNumber } = (await assignDirect('ada')).choice;

    const answers = await Promise.all([release('ada', phoneNumber), release('ada', phoneNumber)]);

    for (const answer of [...answers, await release('ada', phoneNumber)]) {
      expect(answer).toEqual({ status: 200, body: { released: true } });
    }
    expect(await user('ada')).not.toHaveProperty('directNumber');
    expect(await numbersIn('QUARANTINED')).toEqual([phoneNumber]);
  });
});

test('users and numbers are read from the table and the index', async () => {
  await storeUnused(...directNumbers(10), '1000', '1001');
  await store(
    ...agentWith('ada', { extension: '1042' }),
    numberItem({ ...unused('+14165550100'), state: 'BLOCKED', reason: 'OTHER_FLOW' }),
  );

  expect(await user('ada')).toEqual({
    ...{ userId: 'ada', username: 'user-ada', displayName: 'Jane Roe', extension: '1042' },
  });
  expect(await call('GET', '/phonebook/users/dan')).toEqual(rejection(404, 'USER_NOT_FOUND'));
  expect(await numbersIn('UNUSED')).toEqual(directNumbers(10));
  expect(await numbersIn('UNUSED', 'extension')).toEqual(['1000', '1001']);
  expect(await list('BLOCKED')).toEqual([
    { phoneNumber: '+14165550100', pool: 'direct', state: 'BLOCKED', reason: 'OTHER_FLOW' },
  ]);
  expect(await list('ASSIGNED')).toEqual([]);
});
