import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { logger, metrics } from '../../../../../layers/core/src/platform/observability.ts';
import { type MemoryDynamoDb, memoryDynamoDb } from '../../../../support/memory-dynamodb.ts';
import { createMessageWorld, OURS, TABLE, UNDISTURBED } from '../../../../support/message-world.ts';

/*
 * One dispatcher, undisturbed: what becomes of a message for each reason that there is. What must hold however it is
 * disturbed stands in tests/property/messages.test.ts.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STRANGER = '+14165550199';
/** A quarter of an hour ago it became quiet in Toronto: the clock of a test begins at 08:00 UTC. */
const QUIET = { from: '01:45', until: '09:00' };

let db: MemoryDynamoDb;
let world: ReturnType<typeof createMessageWorld>;

beforeEach(async () => {
  await begin();
});

async function begin(options: { sends?: boolean; perSecond?: number } = {}): Promise<void> {
  db = memoryDynamoDb(() => 0);
  world = createMessageWorld({ client: db.client, random: () => 0.5, ...options });
  await world.begin();
}

const deliver = (...places: number[]) => world.deliver(places, UNDISTURBED);
const statuses = async () => (await world.messages()).map(({ status }) => status);
const states = async () => (await statuses()).map(({ state }) => state);

test('a message is sent once, and what it was sent as is kept', async () => {
  await world.accept(0);

  await deliver(0, 0);

  expect(world.deliveries).toHaveLength(1);
  expect(await statuses()).toEqual([
    { state: 'SENT', endedAt: expect.any(String), providerMessageId: 'provider-1' },
  ]);
  expect((await world.messages())[0]).toMatchObject({ attempts: 1 });
});

test('without a sender nothing leaves', async () => {
  await begin({ sends: false });
  await world.accept(0);

  await deliver(0);

  expect(await states()).toEqual(['STORED']);
  expect(world.deliveries).toEqual([]);
});

describe('before each send it is asked', () => {
  test.each([
    [
      'whether the sender is still ours',
      'FROM_NOT_OURS',
      () => world.put({ pk: `NUMBER#${OURS}`, sk: 'NUMBER', pool: 'direct', state: 'UNUSED' }),
    ],
    [
      'whether it may send',
      'FROM_NOT_OURS',
      () =>
        world.put({
          pk: `NUMBER#${OURS}`,
          sk: 'NUMBER',
          pool: 'direct',
          state: 'ASSIGNED',
          agentId: 'a',
          sms: false,
        }),
    ],
    ['whether the recipient wants texts', 'OPTED_OUT', () => world.optOut(0, 'OUT')],
    [
      'whether a contact of that number may be contacted',
      'DO_NOT_CONTACT',
      () => world.put({ pk: 'CONTACT#C-0', sk: 'AUDIENCE#do-not-contact' }),
    ],
  ])('%s', async (_, reason, change) => {
    await world.accept(0);
    await change();

    await deliver(0);

    expect(await statuses()).toEqual([{ state: 'SUPPRESSED', reason, endedAt: expect.any(String) }]);
    expect(world.deliveries).toEqual([]);
  });

  test('and who wants texts again gets them', async () => {
    await world.optOut(0, 'OUT');
    world.clock.advance(1_000);
    await world.optOut(0, 'IN');
    await world.accept(0);

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });

  test('and an audience of a contact that has the number no longer does not count', async () => {
    await world.put({ pk: world.keyring.hash('+14165550101'), sk: 'C-9' });
    await world.put({ pk: 'CONTACT#C-9', sk: 'PROFILE', keys: new Set(['another']) });
    await world.put({ pk: 'CONTACT#C-9', sk: 'AUDIENCE#do-not-contact' });
    await world.accept(0);

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });
});

const NUMBER_OF_A = { pk: 'CONTACT#C-0', sk: 'PROFILE' };

describe('a read that is behind', () => {
  test('refuses nobody: neither our number that was just assigned, nor a contact that was just stored', async () => {
    db.catchUp = 0;
    db.itemsBehind = true;
    await world.put({ pk: `NUMBER#${OURS}`, sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'a' });
    await world.put({ pk: world.keyring.hash(STRANGER), sk: 'C-9' });
    await world.put({
      pk: 'CONTACT#C-9',
      sk: 'PROFILE',
      keys: new Set([world.keyring.hash(STRANGER)]),
    });
    db.replica.clear();
    await world.accept(0, { to: STRANGER });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });

  test('shows nobody who may not be texted', async () => {
    db.catchUp = 0;
    db.itemsBehind = true;
    db.replica.clear();
    await world.put({ pk: 'CONTACT#C-0', sk: 'AUDIENCE#do-not-contact' });
    await world.accept(0);

    await deliver(0);

    expect(await statuses()).toMatchObject([{ state: 'SUPPRESSED', reason: 'DO_NOT_CONTACT' }]);
  });

  test('does not keep a request from being accepted', async () => {
    db.catchUp = 0;
    db.itemsBehind = true;
    db.replica.clear();

    expect(await world.acceptKey(0, UNDISTURBED, { allowUnknown: false })).toEqual(expect.any(String));
  });
});

describe('a stranger', () => {
  test.each([
    ['who never was a contact', async () => {}],
    [
      'whose contact was deleted',
      () => db.client.send(new DeleteCommand({ TableName: TABLE, Key: NUMBER_OF_A })),
    ],
    [
      'whose number the contact no longer has',
      () => world.put({ ...NUMBER_OF_A, keys: new Set(['another']) }),
    ],
  ])('%s, is not texted, once the index has had its time', async (who, change) => {
    await world.accept(0, who.includes('never') ? { to: STRANGER } : {});
    await change();

    await deliver(0, 0);
    expect(await statuses()).toMatchObject([{ state: 'WAITING', reason: 'NOT_KNOWN' }]);
    world.clock.advance(5 * MINUTE);
    await world.sweep();

    expect(await statuses()).toMatchObject([{ state: 'SUPPRESSED', reason: 'NOT_KNOWN' }]);
    expect(world.deliveries).toEqual([]);
  });

  test('is none, whose number moves to another contact, of which the index hears later', async () => {
    await world.accept(0);
    await world.put({ ...NUMBER_OF_A, keys: new Set(['another']) });
    await world.put({
      pk: 'CONTACT#C-9',
      sk: 'PROFILE',
      keys: new Set([world.keyring.hash('+14165550101')]),
    });

    await deliver(0);
    await world.put({ pk: world.keyring.hash('+14165550101'), sk: 'C-9' });
    world.clock.advance(5 * MINUTE);
    await world.sweep();

    expect(await states()).toEqual(['SENT']);
  });

  test('is, who was on the line', async () => {
    await world.accept(0, { to: STRANGER, recipientPresent: true });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });

  test('is, whose number is in the directory', async () => {
    await world.put({ pk: `NUMBER#${STRANGER}`, sk: 'NUMBER', pool: 'direct', state: 'UNUSED' });
    await world.accept(0, { to: STRANGER });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });
});

describe('in quiet hours', () => {
  test('a message waits until they are over, and its day begins then', async () => {
    await world.accept(0, { quiet: QUIET });

    await deliver(0);
    expect(await statuses()).toEqual([
      { state: 'WAITING', reason: 'QUIET_HOURS', dueAt: '2026-11-01T14:00:00.000Z' },
    ]);

    world.clock.advance(6 * HOUR - 1);
    await world.sweep();
    expect(world.deliveries).toEqual([]);

    world.clock.advance(1);
    await world.sweep();
    expect(world.deliveries).toHaveLength(1);
  });

  test('what is behind it waits too, and is not looked at before', async () => {
    await world.accept(0, { quiet: QUIET });
    await world.accept(0);
    await deliver(0, 1);

    world.clock.advance(10 * MINUTE);
    await world.sweep();
    expect(await statuses()).toMatchObject([
      { state: 'WAITING' },
      { state: 'ACCEPTED', dueAt: '2026-11-01T14:00:00.000Z' },
    ]);

    const { writes } = db;
    world.clock.advance(10 * MINUTE);
    await world.sweep();
    expect(db.writes).toBe(writes);

    world.clock.advance(6 * HOUR);
    await world.sweep();
    expect(await states()).toEqual(['SENT', 'SENT']);
    expect(world.damage()).toEqual([]);
  });

  test('others are not held up', async () => {
    await world.accept(0, { quiet: QUIET });
    await world.accept(1);

    await deliver(0, 1);

    expect(await states()).toEqual(['WAITING', 'SENT']);
  });
});

describe('after a refusal for now', () => {
  test('it is tried again, later each time, and never after its day', async () => {
    world.provider = 'throttles';
    await world.accept(0);

    await deliver(0);
    const [status] = await statuses();
    expect(status).toMatchObject({ state: 'WAITING', reason: 'ThrottlingException' });

    for (let hours = 0; hours < 23; hours += 1) {
      world.clock.advance(HOUR);
      await world.sweep();
    }
    expect(await states()).toEqual(['WAITING']);
    world.clock.advance(2 * HOUR);
    await world.sweep();
    expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }]);
  });

  test('it goes out when the provider is back, and before what came later', async () => {
    world.provider = 'is away';
    await world.accept(0);
    await world.accept(0);
    await deliver(0, 1);
    expect(await states()).toEqual(['WAITING', 'ACCEPTED']);

    world.provider = 'takes';
    world.clock.advance(15 * MINUTE);
    await world.sweep();

    expect(await states()).toEqual(['SENT', 'SENT']);
    expect(world.damage()).toEqual([]);
  });
});

describe('a refusal that somebody has to mend', () => {
  const errors = () => jest.spyOn(logger, 'error').mockImplementation();
  const counted = () => jest.spyOn(metrics, 'addMetric').mockImplementation();

  test('is told once a run with its reason, and counted each time', async () => {
    const [told, metric] = [errors(), counted()];
    world.provider = 'forbids';
    await world.accept(0);
    await world.accept(1);

    await deliver(0, 1);

    expect(told.mock.calls).toEqual([
      ['the sender refuses texts until somebody mends it', { reason: 'AccessDeniedException' }],
    ]);
    const refused = metric.mock.calls.filter(([name]) => name === 'MessagesRefused');
    expect(refused.length).toBeGreaterThan(1);
    expect(await states()).toEqual(['WAITING', 'WAITING']);
  });

  test('is no throttle', async () => {
    const [told, metric] = [errors(), counted()];
    world.provider = 'throttles';
    await world.accept(0);

    await deliver(0);

    expect(told).not.toHaveBeenCalled();
    expect(metric.mock.calls.map(([name]) => name)).not.toContain('MessagesRefused');
  });
});

test('a run says for how long the oldest message has been due', async () => {
  await world.accept(0);
  world.clock.advance(MINUTE);
  await world.accept(1);
  world.clock.advance(6 * MINUTE);

  expect(await world.sweep()).toMatchObject({ counts: { due: 2, overdueMs: 2 * MINUTE } });
  expect(await world.sweep()).toMatchObject({ counts: { due: 0, overdueMs: 0 } });
});

describe('when the answer is lost', () => {
  test('nobody tries again, and what is behind goes on', async () => {
    world.provider = 'loses the answer';
    await world.accept(0);
    await world.accept(0);
    await deliver(0);
    world.provider = 'takes';

    world.clock.advance(DAY);
    await world.sweep();

    expect(await statuses()).toMatchObject([
      { state: 'UNKNOWN', reason: 'CONNECTION_LOST' },
      { state: 'UNKNOWN', reason: 'CONNECTION_LOST' },
    ]);
    expect(world.deliveries).toHaveLength(2);
  });

  test('a person has it sent again, a week later too, and it has a day of its own', async () => {
    world.provider = 'loses the request';
    await world.accept(0);
    await deliver(0);
    world.provider = 'takes';
    world.clock.advance(7 * DAY);

    await world.resend(0);
    await world.sweep();

    expect(await states()).toEqual(['SENT']);
    expect(world.deliveries).toHaveLength(1);
  });
});

test('a claim whose dispatcher ended becomes UNKNOWN after two minutes, and not before', async () => {
  await world.accept(0);
  await world.accept(0);
  // The claim is written, and nobody hears of it.
  for (let killAt = 0; (await states())[0] === 'ACCEPTED'; killAt += 1) {
    await world.deliver([0], { killAt, side: 'after', faults: 0 });
  }
  expect(await states()).toEqual(['SENDING', 'ACCEPTED']);

  await world.sweep();
  await deliver(1);
  expect(await states()).toEqual(['SENDING', 'ACCEPTED']);

  world.clock.advance(2 * MINUTE);
  await world.sweep();
  expect(await statuses()).toMatchObject([
    { state: 'UNKNOWN', reason: 'DISPATCHER_ENDED' },
    { state: 'SENT' },
  ]);
});

/** Something happens between the claim of the first message and the request to the provider. */
function afterFirstClaim(meanwhile: () => Promise<unknown>): void {
  const send = db.client.send.bind(db.client) as (command: unknown) => Promise<object>;
  let over = false;
  db.client.send = (async (command: { input: { ExpressionAttributeValues?: { ':state'?: string } } }) => {
    const answer = await send(command);
    if (over || command.input.ExpressionAttributeValues?.[':state'] !== 'SENDING') return answer;
    over = true;
    await meanwhile();
    return answer;
  }) as never;
}

test('a dispatcher sends what is accepted while it works, of which another was told that met its claim', async () => {
  await world.accept(0);
  afterFirstClaim(async () => {
    await world.accept(0);
    await deliver(1);
    expect(await states()).toEqual(['SENDING', 'ACCEPTED']);
  });

  await deliver(0);

  expect(await states()).toEqual(['SENT', 'SENT']);
});

describe('a dispatcher that stood still after its claim', () => {
  test('does not send what others have judged by then', async () => {
    await world.accept(0);
    await world.accept(0);
    afterFirstClaim(() => {
      world.clock.advance(3 * MINUTE);
      return world.sweep();
    });

    await deliver(0);

    expect(await states()).toEqual(['UNKNOWN', 'SENT']);
    expect(world.deliveries).toHaveLength(1);
    expect(world.damage()).toEqual([]);
  });

  test('knows that it did not send, and does so later', async () => {
    await world.accept(0);
    afterFirstClaim(async () => world.clock.advance(3 * MINUTE));

    await deliver(0);
    world.clock.advance(MINUTE);
    await world.sweep();

    expect(await states()).toEqual(['SENT']);
    expect(world.deliveries).toHaveLength(1);
  });
});

/** A write that moves a message to this state meets something first; others of the run go on. */
function atWriteOf(
  state: string,
  meet: (write: () => Promise<object>, time: number) => Promise<object>,
): void {
  const send = db.client.send.bind(db.client) as (command: unknown) => Promise<object>;
  let times = 0;
  db.client.send = (async (command: { input: { ExpressionAttributeValues?: { ':state'?: string } } }) => {
    if (command.input.ExpressionAttributeValues?.[':state'] !== state) return send(command);
    times += 1;
    return meet(() => send(command), times);
  }) as never;
}

describe('when a text was sent and the end cannot be written', () => {
  test('it is tried again, and the id of the provider is kept', async () => {
    jest.spyOn(logger, 'error').mockImplementation();
    await world.accept(0);
    atWriteOf('SENT', (write, time) => (time <= 3 ? Promise.reject(new Error('away')) : write()));

    await deliver(0);

    expect(await statuses()).toMatchObject([{ state: 'SENT', providerMessageId: 'provider-1' }]);
    expect(world.deliveries).toHaveLength(1);
  });

  test('until the claim ends, and the log has the id for the person who decides', async () => {
    const told = jest.spyOn(logger, 'error').mockImplementation();
    await world.accept(0);
    const begun = world.clock.now();
    atWriteOf('SENT', () => Promise.reject(new Error('away')));

    await deliver(0);

    expect(world.clock.now() - begun).toBeGreaterThan(MINUTE);
    expect(world.clock.now() - begun).toBeLessThanOrEqual(2 * MINUTE);
    expect(told).toHaveBeenCalledWith('what became of a message could not be written', {
      ulid: world.accepted[0]?.messageId.split('.')[0],
      outcome: 'SENT',
      providerMessageId: 'provider-1',
    });
    world.clock.advance(2 * MINUTE);
    await world.sweep();
    expect(await states()).toEqual(['UNKNOWN']);
    expect(world.deliveries).toHaveLength(1);
  });

  test('but it was, and only the answer got lost, it is counted', async () => {
    const metric = jest.spyOn(metrics, 'addMetric').mockImplementation();
    metric.mockClear();
    await world.accept(0);
    atWriteOf('SENT', async (write, time) => {
      if (time === 1) await write();
      return write();
    });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
    expect(metric.mock.calls.filter(([name]) => name === 'MessagesSent')).toHaveLength(1);
  });
});

test('a run does not read again what it has ended', async () => {
  for (let one = 0; one < 250; one += 1) await world.accept(0);
  const send = db.client.send.bind(db.client) as (command: unknown) => Promise<{ Items?: object[] }>;
  let read = 0;
  db.client.send = (async (command: { input: { ExpressionAttributeValues?: { ':pk'?: string } } }) => {
    const answer = await send(command);
    if (command.input.ExpressionAttributeValues?.[':pk']?.startsWith('TO#'))
      read += answer.Items?.length ?? 0;
    return answer;
  }) as never;

  await deliver(0);

  expect(new Set(await states())).toEqual(new Set(['SENT']));
  // 250, and what is left of them after 100 and after 200.
  expect(read).toBeLessThan(250 + 151 + 51 + 10);
});

test('who loses a message to another dispatcher leaves the turn to others', async () => {
  await begin({ perSecond: 1 });
  await world.accept(0);
  await world.accept(1);
  const begun = world.clock.now();

  await Promise.all([deliver(0), deliver(0)]);
  await deliver(1);

  expect(await states()).toEqual(['SENT', 'SENT']);
  expect(world.clock.now() - begun).toBeLessThan(2_000);
});

describe('a message that cannot be read', () => {
  test.each([
    ['nobody knows when it may be deleted', { ttl: 'soon' as never }],
    ['nobody knows when its day began', { notBefore: 'tomorrow' }],
    ['nobody knows when it was decided', { decision: { as: 'RESEND' as const, at: 'then' } }],
    ['nobody knows of how many parts it is', { segments: undefined as never }],
    ['its quiet hours are no times', { quiet: { from: 'night', until: 'day' } }],
    ['its blob is damaged', { blob: Buffer.from('x') }],
    ['its blob belongs to another', { blob: Buffer.alloc(100, 1) }],
    ['it was sealed by another organisation', { blob: Buffer.alloc(200, 2) }],
  ])('because %s, fails and lets the next one go', async (_, parts) => {
    await world.accept(0, parts);
    await world.accept(0);

    await deliver(0, 1);

    expect((await statuses()).at(-1)).toMatchObject({ state: 'SENT' });
    expect(world.deliveries).toHaveLength(1);
  });

  test('because it is no message at all, fails and lets the next one go', async () => {
    await world.accept(0);
    const [key] = [...db.items.keys()].filter((one) => one.includes(' MESSAGE#'));
    const { blob: _, ...rest } = db.items.get(key ?? '') ?? {};
    await world.put(rest);
    world.accepted.pop();
    await world.accept(0);

    await deliver(0, 1);

    expect(db.items.get(key ?? '')).toMatchObject({ state: 'FAILED', reason: 'UNREADABLE' });
    expect(db.items.get(key ?? '')).not.toHaveProperty('gsi1pk');
    expect(await states()).toEqual(['SENT']);
  });
});

test('what a table cannot tell is an outage: the message is neither sent nor given up', async () => {
  await world.accept(0);
  jest.spyOn(logger, 'error').mockImplementation();
  const { client } = db;
  const send = client.send.bind(client) as (command: { input: { TableName?: string } }) => Promise<object>;
  let down = true;
  client.send = ((command: { constructor: { name: string }; input: { TableName?: string } }) =>
    down && command.constructor.name === 'BatchGetCommand'
      ? Promise.reject(new Error('ContactsTable is away'))
      : send(command)) as never;

  await deliver(0);
  world.clock.advance(5 * MINUTE);
  await world.sweep();
  expect(await states()).toEqual(['ACCEPTED']);

  down = false;
  await world.sweep();
  expect(await states()).toEqual(['SENT']);
});

test('a message ends before DynamoDB may delete it', async () => {
  world.provider = 'throttles';
  await world.accept(0, { ttl: Math.ceil(world.clock.now() / 1_000) + 6 * 3_600 });
  await deliver(0);

  world.clock.advance(5 * HOUR);
  await world.sweep();

  expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }]);
});

test('a run goes through everything that is due, in pages, each lane once', async () => {
  for (let one = 0; one < 250; one += 1) await world.accept(one % 3);
  world.clock.advance(5 * MINUTE);

  await world.sweep();

  expect(new Set(await states())).toEqual(new Set(['SENT']));
  expect(world.deliveries).toHaveLength(250);
  expect(world.damage()).toEqual([]);
});

test('texts of one origin leave as far apart as its rate says, and what has to wait long comes back in its turn', async () => {
  await begin({ perSecond: 1 });
  for (let one = 0; one < 12; one += 1) await world.accept(one % 3, { segments: one === 0 ? 2 : 1 });

  await deliver(...Array.from({ length: 12 }, (_, place) => place));
  expect(world.deliveries.length).toBeGreaterThan(1);
  expect(await states()).toContain('WAITING');

  for (let minutes = 0; minutes < 10; minutes += 1) {
    world.clock.advance(MINUTE);
    await world.sweep();
  }
  expect(new Set(await states())).toEqual(new Set(['SENT']));
});
