import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { addAgent } from '#core/directory/assignments.ts';
import { type NumberStatus, numberItem } from '#core/directory/numbers.ts';
import { createPhonebookRoutes } from '#core/phonebook/api/index.ts';
import { createPhonebook } from '#core/phonebook/index.ts';
import { apiHandler } from '#core/platform/handlers/rest-api.ts';
import { seededRandom } from '#support/chaos.ts';
import { watchClient } from '#support/contacts.ts';
import { type FakeClock, fakeClock, INSTANCE_ARN } from '#support/directory.ts';
import { openApi } from '#support/openapi.ts';
import { apiEvent } from '#support/rest.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const api = openApi();
let tables: FreshTables;
let clock: FakeClock;
let calls: string[];
/** The error that every call to DynamoDB ends with. */
let outage: string | undefined;
let handler: ReturnType<typeof apiHandler>;

beforeEach(async () => {
  tables = await freshTables();
  clock = { ...fakeClock(), random: seededRandom(28) };
  outage = undefined;
  const watch = watchClient(tables.client, { fail: () => outage });
  calls = watch.calls;
  const directory = { client: watch.client, table: tables.directory };
  const phonebook = createPhonebook({ directory, reservationMs: 15 * MINUTE, quarantineDays: 30, clock });
  handler = apiHandler('phonebook-api', createPhonebookRoutes({ phonebook, country: 'US' }));
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
const refusal = (status: number, code: string) => ({
  status,
  body: { error: expect.objectContaining({ code }) },
});

async function store(pool: string, numbers: string[], status: NumberStatus = { state: 'UNUSED' }) {
  for (const number of numbers) {
    const Item = numberItem({ number, pool, ...status });
    await tables.client.send(new PutCommand({ TableName: tables.directory, Item }));
  }
}
const ottawa = (count: number) =>
  Array.from({ length: count }, (_, index) => `+161355501${String(index).padStart(2, '0')}`);

/** An agent who waits for an extension, or has one. */
async function hire(agentId: string, extension?: string): Promise<void> {
  if (extension !== undefined) await store('extension', [extension]);
  const details = {
    agentId,
    arn: `${INSTANCE_ARN}/agent/${agentId}`,
    username: agentId,
    firstName: 'Ada',
    lastName: 'Martin',
    spellings: ['23262784'],
  };
  const now = new Date(clock.now()).toISOString();
  const placement = extension === undefined ? { waitingSince: now } : { extension };
  const directory = { client: tables.client, table: tables.directory };
  expect(await addAgent(directory, details, placement, now)).toBe('DONE');
}

/** Reserves direct numbers of Ottawa and takes the first. */
async function choose(userId: string, parts: object = {}) {
  const { refId, phoneNumbers } = (await reserve({ areaCode: 613, count: 2 })).body;
  const choice = { userId, refId, phoneNumber: phoneNumbers[0] };
  return { choice, answer: await assign({ ...choice, ...parts }) };
}

describe('GET /phonebook/find/{phoneNumber}', () => {
  it('finds direct numbers and extensions in any state, and misses others, with one read each', async () => {
    await store('direct', ['+16135550100']);
    await store('direct', ['+16135550101'], { state: 'BLOCKED', reason: 'NO_FLOW' });
    await store('extension', ['0042']);

    for (const number of ['+16135550100', '%2B16135550101', '0042']) {
      expect(await find(number)).toEqual({ status: 200, body: { exists: true } });
    }
    for (const number of ['+16135550102', '42', '6135550']) {
      expect(await find(number)).toEqual({ status: 200, body: { exists: false } });
    }
    expect(calls).toEqual(Array(6).fill('Get'));
  });

  it('answers 503 while the table does not answer', async () => {
    outage = 'ThrottlingException';

    expect(await find('1042')).toEqual(refusal(503, 'UNAVAILABLE'));
  });
});

describe('POST /phonebook/reserve', () => {
  it('holds numbers of the area code, for the time that it names', async () => {
    await store('direct', [...ottawa(8), '+14165550100']);

    const { status, body } = await reserve({ areaCode: 613, count: 5 });

    expect(status).toBe(200);
    expect(body.phoneNumbers).toHaveLength(5);
    expect(ottawa(8)).toEqual(expect.arrayContaining(body.phoneNumbers));
    expect(Date.parse(body.expiresAt)).toBe(clock.now() + 15 * MINUTE);
    expect((await numbersIn('RESERVED')).sort()).toEqual(body.phoneNumbers.sort());
  });

  it('gives what there is when there are fewer, then 409, and 404 for an area that has none at all', async () => {
    await store('direct', ottawa(2));

    expect((await reserve({ areaCode: 613, count: 20 })).body.phoneNumbers).toHaveLength(2);
    expect(await reserve({ areaCode: 613 })).toEqual(refusal(409, 'NO_NUMBERS_AVAILABLE'));
    expect(await reserve({ areaCode: 416 })).toEqual(refusal(404, 'NUMBERS_NOT_FOUND'));
    expect(await reserve({ pool: 'extension' })).toEqual(refusal(404, 'NUMBERS_NOT_FOUND'));
  });

  it('reserves extensions by their pool', async () => {
    await store('extension', ['1000', '1001']);
    await store('direct', ottawa(1));

    expect((await reserve({ pool: 'extension' })).body.phoneNumbers.sort()).toEqual(['1000', '1001']);
  });

  it('gives the same reservation for the same key, to two at once too, and refuses it for another request', async () => {
    await store('direct', ottawa(30));

    const [first, second] = await Promise.all([
      reserve({ areaCode: 613 }, 'key-1'),
      reserve({ areaCode: '613' }, 'key-1'),
    ]);
    expect(first.status).toBe(200);
    expect(second).toEqual(first);
    expect(await reserve({ areaCode: 613, count: 5 }, 'key-1')).toEqual(first);
    expect(await reserve({ areaCode: 613, count: 4 }, 'key-1')).toEqual(
      refusal(422, 'IDEMPOTENCY_KEY_REUSED'),
    );
    expect((await reserve({ areaCode: 613 }, 'key-2')).body.refId).not.toBe(first.body.refId);
    clock.advance(15 * MINUTE);
    expect(await reserve({ areaCode: 613 }, 'key-1')).toEqual(refusal(410, 'RESERVATION_EXPIRED'));
  });

  it('never gives one number to two who reserve at once', async () => {
    await store('direct', ottawa(40));

    const answers = await Promise.all(Array.from({ length: 8 }, () => reserve({ areaCode: 613, count: 5 })));

    const taken = answers.flatMap(({ body }) => body.phoneNumbers);
    expect(taken.sort()).toEqual(ottawa(40));
  });

  it('takes what an expired reservation still holds, before anybody swept it', async () => {
    await store('direct', ottawa(3));
    await reserve({ areaCode: 613, count: 3 });
    expect(await reserve({ areaCode: 613 })).toEqual(refusal(409, 'NO_NUMBERS_AVAILABLE'));

    clock.advance(15 * MINUTE);

    expect((await reserve({ areaCode: 613, count: 3 })).body.phoneNumbers).toHaveLength(3);
  });
});

describe('POST /phonebook/assign', () => {
  it('gives the number to the user and the others back, and answers the same again, also later', async () => {
    await store('direct', ottawa(3));
    await hire('ada', '1042');

    const { choice, answer } = await choose('ada');

    expect(answer).toEqual({ status: 200, body: { assigned: true } });
    expect(await user('ada')).toMatchObject({ extension: '1042', directNumber: choice.phoneNumber });
    expect(await numbersIn('UNUSED')).toEqual(ottawa(3).filter((number) => number !== choice.phoneNumber));
    expect(await list('ASSIGNED')).toEqual([
      { phoneNumber: choice.phoneNumber, pool: 'direct', state: 'ASSIGNED', userId: 'ada' },
    ]);
    clock.advance(DAY);
    expect(await assign(choice)).toEqual({ status: 200, body: { assigned: true } });
  });

  it('says why it refuses', async () => {
    await store('direct', ottawa(9));
    for (const id of ['ada', 'ben', 'cleo']) await hire(id);
    const { refId, phoneNumbers } = (await reserve({ areaCode: 613, count: 3 })).body;
    const choice = { userId: 'ada', refId, phoneNumber: phoneNumbers[0] };

    expect(await assign({ ...choice, refId: '5e0d7c0a-3b1f-4c52-9d8f-0a4f6f1f2b11' })).toEqual(
      refusal(404, 'RESERVATION_NOT_FOUND'),
    );
    expect(await assign({ ...choice, phoneNumber: '+16135550199' })).toEqual(
      refusal(404, 'NUMBER_NOT_IN_RESERVATION'),
    );
    expect(await assign({ ...choice, userId: 'nobody' })).toEqual(refusal(404, 'USER_NOT_FOUND'));
    expect(await assign(choice)).toMatchObject({ status: 200 });
    expect(await assign({ ...choice, phoneNumber: phoneNumbers[1] })).toEqual(
      refusal(409, 'RESERVATION_USED'),
    );
    expect(await assign({ ...choice, userId: 'ben' })).toEqual(refusal(409, 'RESERVATION_USED'));
    expect((await choose('ada')).answer).toEqual(refusal(409, 'USER_HAS_NUMBER'));

    const late = (await reserve({ areaCode: 613, count: 1 })).body;
    clock.advance(15 * MINUTE);
    expect(await assign({ userId: 'cleo', refId: late.refId, phoneNumber: late.phoneNumbers[0] })).toEqual(
      refusal(410, 'RESERVATION_EXPIRED'),
    );
  });

  it('lets one of two choose, when both choose at once from one reservation', async () => {
    await store('direct', ottawa(2));
    await hire('ada');
    await hire('ben');
    const { refId, phoneNumbers } = (await reserve({ areaCode: 613, count: 2 })).body;

    const answers = await Promise.all([
      assign({ userId: 'ada', refId, phoneNumber: phoneNumbers[0] }),
      assign({ userId: 'ben', refId, phoneNumber: phoneNumbers[1] }),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await numbersIn('ASSIGNED')).toHaveLength(1);
    expect(await numbersIn('UNUSED')).toHaveLength(1);
  });

  it('puts the number that is replaced into quarantine', async () => {
    await store('direct', ottawa(4));
    await hire('ada');
    const { choice } = await choose('ada');

    const { choice: next, answer } = await choose('ada', { replace: true });

    expect(answer).toMatchObject({ status: 200 });
    expect(await user('ada')).toMatchObject({ directNumber: next.phoneNumber });
    expect(await list('QUARANTINED')).toEqual([
      {
        phoneNumber: choice.phoneNumber,
        pool: 'direct',
        state: 'QUARANTINED',
        dueAt: new Date(clock.now() + 30 * DAY).toISOString(),
      },
    ]);
  });

  it('moves an agent to another extension', async () => {
    await store('extension', ['1000']);
    await hire('ada', '1042');
    const { refId } = (await reserve({ pool: 'extension' })).body;
    const choice = { userId: 'ada', refId, phoneNumber: '1000' };

    expect(await assign(choice)).toEqual(refusal(409, 'USER_HAS_NUMBER'));
    expect(await assign({ ...choice, replace: true })).toMatchObject({ status: 200 });
    expect(await user('ada')).toMatchObject({ extension: '1000' });
    expect(await numbersIn('QUARANTINED', 'extension')).toEqual(['1042']);
  });
});

describe('POST /phonebook/release', () => {
  it('quarantines the number, and answers the same again', async () => {
    await store('direct', ottawa(2));
    await hire('ada');
    const { choice } = await choose('ada');

    for (const _ of ['once', 'again']) {
      expect(await release('ada', choice.phoneNumber)).toEqual({ status: 200, body: { released: true } });
    }
    expect(await user('ada')).not.toHaveProperty('directNumber');
    expect(await numbersIn('QUARANTINED')).toEqual([choice.phoneNumber]);
  });

  it('does it once for two at once', async () => {
    await store('direct', ottawa(2));
    await hire('ada');
    const { choice } = await choose('ada');

    const answers = await Promise.all([
      release('ada', choice.phoneNumber),
      release('ada', choice.phoneNumber),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await numbersIn('QUARANTINED')).toEqual([choice.phoneNumber]);
  });

  it('refuses the number of somebody else, one that was never there, and a user who is not there', async () => {
    await store('direct', ottawa(2));
    await hire('ada');
    await hire('ben');
    const { choice } = await choose('ada');

    expect(await release('ben', choice.phoneNumber)).toEqual(refusal(409, 'NUMBER_ASSIGNED_TO_OTHER_USER'));
    expect(await release('nobody', '+16135550199')).toEqual(refusal(404, 'NUMBER_NOT_FOUND'));
    expect(await release('ada', '+16135550199')).toEqual(refusal(404, 'NUMBER_NOT_FOUND'));
    expect(await release('nobody', choice.phoneNumber)).toEqual(refusal(404, 'USER_NOT_FOUND'));
    expect(await user('ada')).toMatchObject({ directNumber: choice.phoneNumber });
  });
});

describe('GET /phonebook/users/{userId} and /phonebook/numbers', () => {
  it('tell who somebody is, and 404 for nobody', async () => {
    await hire('ada', '1042');

    expect(await user('ada')).toEqual({
      userId: 'ada',
      username: 'ada',
      displayName: 'Ada Martin',
      extension: '1042',
    });
    expect(await call('GET', '/phonebook/users/nobody')).toEqual(refusal(404, 'USER_NOT_FOUND'));
  });

  it('list every number of a state and pool once, page by page', async () => {
    await store('direct', ottawa(10));
    await store('extension', ['1000', '1001']);
    await store('direct', ['+14165550100'], { state: 'BLOCKED', reason: 'OTHER_FLOW' });

    expect(await numbersIn('UNUSED')).toEqual(ottawa(10));
    expect(await numbersIn('UNUSED', 'extension')).toEqual(['1000', '1001']);
    expect(await list('BLOCKED')).toEqual([
      { phoneNumber: '+14165550100', pool: 'direct', state: 'BLOCKED', reason: 'OTHER_FLOW' },
    ]);
    expect(await list('ASSIGNED')).toEqual([]);
  });

  it('refuse a forged place to begin at', async () => {
    const nextToken = Buffer.from(JSON.stringify(['numbers', 'UNUSED', 'direct', '!'])).toString('base64url');
    const query = { state: 'UNUSED', pool: 'direct', nextToken };

    expect((await call('GET', '/phonebook/numbers', { query })).status).toBe(400);
  });
});
