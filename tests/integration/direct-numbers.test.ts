import { ListPhoneNumbersV2Command } from '@aws-sdk/client-connect';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createPhonebook } from '#core/phonebook/index.ts';
import { DIRECT_FLOW, fakeConnect, fakeUser, findDamage, namedError } from '#support/directory.ts';
import { useSyncedDirectory } from '#support/synced-directory.ts';

const DAY = 86_400_000;
const { world, sync, hire, items, directory, read, row } = useSyncedDirectory('10-19');

beforeEach(() => {
  for (const id of ['a', 'b']) hire(id);
});

function phonebook() {
  const { clock } = world;
  return createPhonebook({ directory: directory(), reservationMs: 900_000, quarantineDays: 30, clock });
}

/** Numbers of the instance, at the flow for direct numbers; by hand, not to share the code under test. */
function claim(...numbers: string[]): void {
  for (const number of numbers) world.connect.numbers.set(number, { number, flow: DIRECT_FLOW });
}

/** Enough numbers that the shrink guard accepts one or two missing ones. */
const DOZEN = Array.from({ length: 12 }, (_, index) => `+1613555${String(110 + index).padStart(4, '0')}`);
const [FIRST = '', SECOND = '', THIRD = ''] = DOZEN;

function point(number: string, flow: string | undefined): void {
  world.connect.numbers.set(number, { number, ...(flow === undefined ? {} : { flow }) });
}

/** Gives a number to an agent, as a program does. */
async function assign(userId: string, number: string): Promise<void> {
  const { refId } = await phonebook().reserveNumbers({ pool: 'direct', prefix: number, count: 1 });
  await phonebook().assignNumber({ userId, refId, phoneNumber: number, replace: false });
}

test('adds the numbers of the instance, and blocks those that another flow, or none, answers', async () => {
  claim(FIRST);
  point('+18005550199', 'switchboard inbound');
  world.connect.numbers.set('+18005550142', { number: '+18005550142', type: 'TOLL_FREE' });

  const { status, counts, changes } = await sync();

  expect({ status, counts }).toMatchObject({
    status: 'DONE',
    counts: { numbers: 3, numbersAdded: 3, connectCalls: 1 + 3 },
  });
  expect(changes).toEqual(
    expect.arrayContaining([
      { change: 'NUMBER_ADDED', phoneNumber: FIRST },
      { change: 'NUMBER_ADDED', phoneNumber: '+18005550199', reason: 'OTHER_FLOW' },
    ]),
  );
  expect(await row(FIRST)).toMatchObject({
    ...{ state: 'UNUSED', pool: 'direct', source: 'connect', country: 'CA', type: 'DID' },
    phoneNumberId: `id-${FIRST}`,
  });
  expect(await row('+18005550199')).toMatchObject({ state: 'BLOCKED', reason: 'OTHER_FLOW' });
  expect(await row('+18005550142')).toMatchObject({ state: 'BLOCKED', reason: 'NO_FLOW', type: 'TOLL_FREE' });
});

test('sends one request to an instance without numbers, and reads lists of any length', async () => {
  expect((await sync()).counts).toMatchObject({ numbers: 0, connectCalls: 1 + 1 });

  world.connect = fakeConnect([fakeUser('a'), fakeUser('b')], 5);
  claim(...DOZEN);
  expect((await sync()).counts).toMatchObject({ numbers: 12, numbersAdded: 12, connectCalls: 1 + 3 + 3 + 1 });
});

test("an agent's number that another flow answers stays the agent's, and is told of", async () => {
  claim(...DOZEN);
  await sync();
  await assign('a', FIRST);
  point(FIRST, 'switchboard inbound');

  await expect(sync()).resolves.toMatchObject({
    status: 'DONE',
    changes: [],
    refused: [{ reason: 'NUMBER_MISROUTED', agentId: 'a', phoneNumber: FIRST }],
  });
  expect(await row(FIRST)).toMatchObject({ state: 'ASSIGNED', agentId: 'a' });
});

test('finds the flow for direct numbers after a person renamed it', async () => {
  claim(...DOZEN);
  await sync();
  world.connect.flows.delete(DIRECT_FLOW);
  world.connect.tagged = [{ Id: DIRECT_FLOW }];

  await expect(sync()).resolves.toMatchObject({ status: 'DONE', changes: [], refused: [] });
});

test('removes numbers that the instance no longer has, except assigned, quarantined, and reserved ones', async () => {
  claim(...DOZEN);
  point(THIRD, undefined);
  await sync();
  await assign('a', SECOND);
  await phonebook().releaseNumber({ userId: 'a', phoneNumber: SECOND });
  expect(await row(SECOND)).toMatchObject({ state: 'QUARANTINED' });

  for (const number of [FIRST, SECOND]) world.connect.numbers.delete(number);
  await expect(sync()).resolves.toMatchObject({ status: 'DONE', counts: { numbersRemoved: 1 } });
  world.connect.numbers.delete(THIRD);
  await expect(sync()).resolves.toMatchObject({ status: 'DONE', counts: { numbersRemoved: 1 } });
  for (const number of [FIRST, THIRD]) expect(await row(number)).toBeUndefined();
  expect(await row(SECOND)).toMatchObject({ state: 'BLOCKED', reason: 'NOT_IN_CONNECT' });
  world.clock.advance(30 * DAY);
  await sync();
  expect(await row(SECOND)).toBeUndefined();
});

test("an agent's number that two syncs miss is taken from the agent, and held as long as a quarantine", async () => {
  claim(...DOZEN);
  await sync();
  await assign('a', FIRST);
  world.connect.numbers.delete(FIRST);

  await expect(sync()).resolves.toMatchObject({
    ...{ status: 'DONE', changes: [] },
    refused: [{ reason: 'NUMBER_MISSING', agentId: 'a', phoneNumber: FIRST }],
  });
  expect(await row(FIRST)).toMatchObject({ state: 'ASSIGNED', agentId: 'a' });
  expect(await phonebook().getUser('a')).toMatchObject({ directNumber: FIRST });

  world.clock.advance(60_000);
  expect((await sync()).changes).toEqual([{ change: 'NUMBER_REVOKED', phoneNumber: FIRST, agentId: 'a' }]);
  expect(await row(FIRST)).toMatchObject({ state: 'BLOCKED', reason: 'NOT_IN_CONNECT' });
  expect(await phonebook().getUser('a')).not.toHaveProperty('directNumber');
  await sync();
  expect(await row(FIRST)).toMatchObject({ state: 'BLOCKED', reason: 'NOT_IN_CONNECT' });
  world.clock.advance(30 * DAY);
  await sync();
  expect(await row(FIRST)).toBeUndefined();
});

test('does not revoke a number that one list lacks', async () => {
  claim(...DOZEN);
  await sync();
  await assign('a', FIRST);
  for (let round = 0; round < 3; round += 1) {
    world.connect.numbers.delete(FIRST);
    await sync();
    world.clock.advance(60_000);
    claim(FIRST);
    await expect(sync()).resolves.toMatchObject({ changes: [], refused: [] });
    world.clock.advance(60_000);
  }

  expect(await phonebook().getUser('a')).toMatchObject({ directNumber: FIRST });
  expect(await row(FIRST)).not.toHaveProperty('missingSince');
});

test('keeps a revoked number that comes back in quarantine', async () => {
  claim(...DOZEN);
  await sync();
  await assign('a', FIRST);
  await assign('b', SECOND);
  await phonebook().releaseNumber({ userId: 'b', phoneNumber: SECOND });
  for (const number of [FIRST, SECOND]) world.connect.numbers.delete(number);
  await sync();
  world.clock.advance(60_000);
  await sync();
  const dueAt = new Date(world.clock.now() + 30 * DAY).toISOString();
  claim(FIRST, SECOND);
  await sync();

  expect(await row(FIRST)).toMatchObject({ state: 'QUARANTINED', dueAt });
  expect(await row(SECOND)).toMatchObject({ state: 'QUARANTINED' });
  for (const number of [FIRST, SECOND]) {
    await expect(
      phonebook().reserveNumbers({ pool: 'direct', prefix: number, count: 1 }),
    ).rejects.toMatchObject({
      code: 'NO_NUMBERS_AVAILABLE',
    });
  }
});

test('blocks a reserved number that is gone, and unblocks it when the instance has it again', async () => {
  claim(...DOZEN);
  await sync();
  const { refId } = await phonebook().reserveNumbers({ pool: 'direct', prefix: FIRST, count: 1 });
  world.connect.numbers.delete(FIRST);

  expect((await sync()).changes).toEqual([
    { change: 'NUMBER_BLOCKED', phoneNumber: FIRST, reason: 'NOT_IN_CONNECT' },
  ]);
  expect(await row(FIRST)).toMatchObject({ state: 'BLOCKED', reason: 'NOT_IN_CONNECT' });
  const choice = { userId: 'a', refId, phoneNumber: FIRST, replace: false };
  await expect(phonebook().assignNumber(choice)).rejects.toMatchObject({ code: 'NUMBER_BLOCKED' });
  claim(FIRST);
  expect((await sync()).changes).toEqual([{ change: 'NUMBER_UNBLOCKED', phoneNumber: FIRST }]);
});

test('never changes a number that a person imported or blocked', async () => {
  claim(...DOZEN);
  await sync();
  const set = (number: string, name: string, value: string, more = '') =>
    world.tables.client.send(
      new UpdateCommand({
        TableName: world.tables.directory,
        Key: { pk: `NUMBER#${number}`, sk: 'NUMBER' },
        UpdateExpression: `SET #name = :value${more}`,
        ExpressionAttributeNames: {
          '#name': name,
          ...(more ? { '#reason': 'reason', '#key': 'gsi1pk' } : {}),
        },
        ExpressionAttributeValues: {
          ':value': value,
          ...(more ? { ':reason': 'MANUAL', ':key': 'BLOCKED#direct' } : {}),
        },
      }),
    );
  await set(FIRST, 'source', 'import');
  await set(SECOND, 'state', 'BLOCKED', ', #reason = :reason, #key = :key');
  world.connect.numbers.delete(FIRST);

  await expect(sync()).resolves.toMatchObject({ status: 'DONE', changes: [] });
  expect(await row(FIRST)).toMatchObject({ state: 'UNUSED' });
  expect(await row(SECOND)).toMatchObject({ state: 'BLOCKED', reason: 'MANUAL' });
});

describe('the shrink guard rejects a response without changes', () => {
  test.each([
    ['no numbers at all', 'Connect listed no phone numbers', () => world.connect.numbers.clear()],
    [
      'a quarter of them gone',
      'no longer knows 3 of 12',
      () => DOZEN.slice(0, 3).map((number) => world.connect.numbers.delete(number)),
    ],
    [
      'the flow gone',
      'no longer has a flow for direct numbers',
      () => world.connect.flows.delete(DIRECT_FLOW),
    ],
    [
      'a quarter of them elsewhere',
      '3 of 12 phone numbers without an agent no longer point',
      () => DOZEN.slice(0, 3).map((number) => point(number, undefined)),
    ],
  ])('%s', async (_, words, happen) => {
    claim(...DOZEN);
    await sync();
    const before = await items();
    happen();

    const refused = await sync();

    expect(refused).toMatchObject({ status: 'REFUSED', message: expect.stringContaining(words) });
    expect(refused.message).toContain('"acceptShrink": "numbers"');
    expect(await items()).toEqual(before);
    await expect(sync({ acceptShrink: 'agents' })).resolves.toMatchObject({ status: 'REFUSED' });
    await expect(sync({ acceptShrink: 'numbers' })).resolves.toMatchObject({ status: 'DONE' });
  });

  test('and the agents are still synced', async () => {
    claim(...DOZEN);
    await sync();
    world.connect.numbers.clear();
    hire('c');

    await expect(sync()).resolves.toMatchObject({
      status: 'REFUSED',
      counts: { added: 1, numbersRemoved: 0 },
    });
  });
});

test('ignores short codes, and reports incomplete numbers', async () => {
  claim(FIRST);
  world.connect.numbers.set('12345', { number: '12345', type: 'SHORT_CODE' });
  world.connect.numbers.set('six', { number: 'six' });

  await expect(sync()).resolves.toMatchObject({
    status: 'DONE',
    refused: [{ reason: 'INCOMPLETE_NUMBER' }],
    counts: { numbersAdded: 1 },
  });
});

test('a run without changes writes nothing', async () => {
  claim(...DOZEN);
  await sync();
  await assign('a', FIRST);
  const before = await items();
  let writes = 0;
  const counting = {
    send(command: Parameters<DynamoDBDocumentClient['send']>[0]) {
      if (!/Get|Query/.test(command.constructor.name)) writes += 1;
      return world.tables.client.send(command);
    },
  } as unknown as DynamoDBDocumentClient;

  await expect(sync({}, { client: counting })).resolves.toMatchObject({ status: 'DONE', changes: [] });
  expect(writes).toBe(0);
  expect(await items()).toEqual(before);
});

test('retries throttled requests, and leaves the rest for the next run when time runs out', async () => {
  claim(FIRST);
  let throttled = 2;
  const { send } = world.connect;
  world.connect.send = (async (command: Parameters<typeof send>[0]) => {
    if (command instanceof ListPhoneNumbersV2Command && throttled-- > 0) {
      throw namedError('TooManyRequestsException');
    }
    return send(command);
  }) as typeof send;
  await expect(sync()).resolves.toMatchObject({ status: 'DONE', counts: { numbersAdded: 1 } });
  claim(SECOND);
  throttled = 20;
  await expect(sync({}, { budgetMs: 9_000 })).resolves.toMatchObject({
    status: 'PARTIAL',
    counts: { numbersAdded: 0 },
  });
  throttled = 0;

  await expect(sync()).resolves.toMatchObject({ status: 'DONE', counts: { numbersAdded: 1 } });
});

const DENIED = { $fault: 'client' };
test.each([
  ['ListPhoneNumbersV2Command', 'AccessDeniedException', namedError('AccessDeniedException', DENIED)],
  ['ListFlowAssociationsCommand', 'AccessDeniedException', namedError('AccessDeniedException', DENIED)],
  [
    'ListFlowAssociationsCommand',
    'UnavailableError',
    namedError('InternalServiceException', { $metadata: { httpStatusCode: 500 } }),
  ],
])('agents do not wait for phone numbers: %s fails with %s', async (operation, name, error) => {
  claim(...DOZEN);
  await sync();
  hire('c');
  const { send } = world.connect;
  world.connect.send = (async (command: Parameters<typeof send>[0]) => {
    if (command.constructor.name === operation) throw error;
    return send(command);
  }) as typeof send;

  await expect(sync()).resolves.toMatchObject({
    ...{ status: 'PARTIAL', message: expect.stringContaining(name) },
    ...{ counts: { added: 1, numbersRemoved: 0 }, refused: [{ reason: 'NUMBERS_NOT_READ' }] },
  });
  expect(await read('SYNC', 'LAST_RUN')).toMatchObject({ status: 'PARTIAL' });
});

test('a number that leaves while it is assigned ends assigned or blocked, never both', async () => {
  claim(...DOZEN);
  await sync();
  for (let round = 0; round < 2; round += 1) {
    claim(...DOZEN);
    await sync();
    const { refId } = await phonebook().reserveNumbers({ pool: 'direct', prefix: FIRST, count: 1 });
    world.connect.numbers.delete(FIRST);
    const choice = { userId: 'a', refId, phoneNumber: FIRST, replace: false };

    const [assigned, synced] = await Promise.allSettled([phonebook().assignNumber(choice), sync()]);

    expect(synced).toMatchObject({ status: 'fulfilled' });
    expect(findDamage(await items())).toEqual([]);
    if (assigned.status === 'rejected') expect(assigned.reason).toMatchObject({ code: 'NUMBER_BLOCKED' });
    world.clock.advance(60_000);
    await sync();
    world.clock.advance(60_000);
    await sync();
    world.clock.advance(30 * DAY);
    await sync();
    expect(await row(FIRST)).toBeUndefined();
    expect(await phonebook().getUser('a')).not.toHaveProperty('directNumber');
  }
});
