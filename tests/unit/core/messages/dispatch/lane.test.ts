import { logger } from '#core/platform/observability.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, type MessageWorld, MINUTE } from '#support/message-world.ts';

/*
 * One dispatcher without faults: what it does with the messages of its lanes. The other files of this folder cover the
 * checks, waiting, and claims. tests/property/messages.test.ts proves what must hold under faults.
 */

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const laterBy = (milliseconds: number) => new Date(world.clock.now() + milliseconds).toISOString();

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

test('a message is sent once, and keeps the ID of the provider', async () => {
  await world.accept(0);

  await deliver(0, 0);

  expect(world.deliveries).toHaveLength(1);
  expect(await world.statuses()).toEqual([
    { state: 'SENT', endedAt: expect.any(String), providerMessageId: 'provider-1' },
  ]);
  expect((await world.messages())[0]).toMatchObject({ attempts: 1 });
});

test('without a sender, no text leaves', async () => {
  ({ world } = await createCalmWorld({ sends: false }));
  await world.accept(0);

  await deliver(0);

  expect(await states()).toEqual(['STORED']);
  expect(world.deliveries).toEqual([]);
});

test('a run does not read the messages again that it has finished', async () => {
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
  // 250, and those left after 100 and after 200.
  expect(read).toBeLessThan(250 + 151 + 51 + 10);
});

test('a run reports how long the oldest message has been due', async () => {
  await world.accept(0);
  world.clock.advance(MINUTE);
  await world.accept(1);
  world.clock.advance(6 * MINUTE);

  expect(await world.dispatchDue()).toMatchObject({ counts: { due: 2, overdueMs: 2 * MINUTE } });
  expect(await world.dispatchDue()).toMatchObject({ counts: { due: 0, overdueMs: 0 } });
});

test('a run reads everything that is due, page by page, and starts each lane once', async () => {
  for (let one = 0; one < 250; one += 1) await world.accept(one % 3);
  world.clock.advance(5 * MINUTE);

  await world.dispatchDue();

  expect(new Set(await states())).toEqual(new Set(['SENT']));
  expect(world.deliveries).toHaveLength(250);
  expect(world.damage()).toEqual([]);
});

test.each([
  ['scheduled', 0, () => world.dispatchDue()],
  ['draining', 1_000, () => world.drainDue()],
])('a %s run starts nothing after its time, is PARTIAL, and the next run continues', async (_, wait, run) => {
  for (let one = 0; one < 20; one += 1) {
    await world.accept(0, { status: { state: 'ACCEPTED', dueAt: laterBy(wait) } });
  }
  const startedAt = world.clock.now();
  world.responseMs = 10_000;

  expect(await run()).toMatchObject({ status: 'PARTIAL' });

  expect(world.deliveries.at(-1)?.at).toBeLessThan(startedAt + 160_000);
  const left = (await states()).filter((state) => state === 'ACCEPTED');
  expect(left).toHaveLength(20 - world.deliveries.length);
  expect(left.length).toBeGreaterThan(0);
  expect(await world.dispatchDue()).toMatchObject({ status: 'DONE' });
  expect(world.deliveries).toHaveLength(20);
});

test('a draining run skips a lane that failed', async () => {
  jest.spyOn(logger, 'error').mockImplementation();
  await world.accept(0, { status: { state: 'ACCEPTED', dueAt: laterBy(0) } });
  await world.accept(1, { status: { state: 'ACCEPTED', dueAt: laterBy(30_000) } });
  const { send } = db.client as { send(command: object): Promise<object> };
  const hash = world.keyring.hash(world.accepted[0]?.to ?? '');
  db.client.send = (async (command: object) => {
    if (JSON.stringify(command).includes(hash)) throw new Error('away');
    return send(command);
  }) as never;

  expect(await world.drainDue()).toMatchObject({ counts: { lanes: 2, failed: 1 } });

  expect(await states()).toEqual(['ACCEPTED', 'SENT']);
});

describe('a message that cannot be read fails, and the lane continues:', () => {
  test.each([
    ['its ttl is not a number', { ttl: 'soon' as never }],
    ['its notBefore is not a time', { notBefore: 'tomorrow' }],
    ['its resolution has no time', { resolution: { as: 'RESEND' as const, at: 'then' } }],
    ['its segments are missing', { segments: undefined as never }],
    ['its quiet hours are not times of day', { quiet: { from: 'night', until: 'day' } }],
    ['its blob is damaged', { blob: Buffer.from('x') }],
    ['its blob belongs to another message', { blob: Buffer.alloc(100, 1) }],
    ['its blob is encrypted under another key', { blob: Buffer.alloc(200, 2) }],
  ])('%s', async (_, parts) => {
    await world.accept(0, parts);
    await world.accept(0);

    await deliver(0, 1);

    expect((await states()).at(-1)).toBe('SENT');
    expect(world.deliveries).toHaveLength(1);
  });

  test('it has no blob', async () => {
    await world.accept(0);
    const [key = ''] = [...db.items.keys()].filter((one) => one.includes(' MESSAGE#'));
    const { blob: _, ...rest } = db.items.get(key) ?? {};
    await world.put(rest);
    world.accepted.pop();
    await world.accept(0);

    await deliver(0, 1);

    expect(db.items.get(key)).toMatchObject({ state: 'FAILED', reason: 'UNREADABLE' });
    expect(db.items.get(key)).not.toHaveProperty('gsi1pk');
    expect(await states()).toEqual(['SENT']);
  });
});

test('during an outage of a table, a message is neither sent nor failed', async () => {
  jest.spyOn(logger, 'error').mockImplementation();
  await world.accept(0);
  const { client } = db;
  const send = client.send.bind(client) as (command: object) => Promise<object>;
  let down = true;
  client.send = ((command: object) =>
    down && command.constructor.name === 'BatchGetCommand'
      ? Promise.reject(new Error('ContactsTable is away'))
      : send(command)) as never;

  await deliver(0);
  world.clock.advance(5 * MINUTE);
  await world.dispatchDue();
  expect(await states()).toEqual(['ACCEPTED']);

  down = false;
  await world.dispatchDue();
  expect(await states()).toEqual(['SENT']);
});
