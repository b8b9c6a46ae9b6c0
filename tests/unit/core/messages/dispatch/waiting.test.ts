import type { Message } from '#core/messages/message.ts';
import { logger, metrics } from '#core/platform/observability.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, DAY, HOUR, type MessageWorld, MINUTE, QUIET } from '#support/message-world.ts';

// What makes a message wait, for how long, and what is checked again when it has waited.

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const statuses = () => world.statuses();
/** Lets time pass and runs the schedule. */
async function dispatchAfter(milliseconds: number): Promise<void> {
  world.clock.advance(milliseconds);
  await world.dispatchDue();
}

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

describe('in quiet hours', () => {
  test('a message waits until they end', async () => {
    await world.accept(0, { quiet: QUIET });
    await world.accept(1);

    await deliver(0, 1);
    expect(await statuses()).toEqual([
      { state: 'WAITING', reason: 'QUIET_HOURS', dueAt: '2026-11-01T14:00:00.000Z' },
      // Other recipients do not wait.
      expect.objectContaining({ state: 'SENT' }),
    ]);

    await dispatchAfter(6 * HOUR - 1);
    expect(await states()).toEqual(['WAITING', 'SENT']);

    await dispatchAfter(1);
    expect(await states()).toEqual(['SENT', 'SENT']);
  });

  test('the messages behind it wait too, and are not read before', async () => {
    await world.accept(0, { quiet: QUIET });
    await world.accept(0);
    await deliver(0, 1);

    await dispatchAfter(10 * MINUTE);
    expect(await statuses()).toMatchObject([
      { state: 'WAITING' },
      { state: 'ACCEPTED', dueAt: '2026-11-01T14:00:00.000Z' },
    ]);

    const { writes } = db;
    await dispatchAfter(10 * MINUTE);
    expect(db.writes).toBe(writes);

    await dispatchAfter(6 * HOUR);
    expect(await states()).toEqual(['SENT', 'SENT']);
    expect(world.damage()).toEqual([]);
  });

  test('the messages behind it are written only when they are due', async () => {
    await world.accept(0, { quiet: QUIET });
    for (let one = 0; one < 5; one += 1) await world.accept(0);
    const { writes } = db;

    await deliver(0, 1, 2, 3, 4, 5);

    expect(db.writes - writes).toBe(1);
  });

  test('a message that expires before they end fails when it expires', async () => {
    await world.accept(0, { quiet: QUIET, ttl: (world.clock.now() + 3 * HOUR) / 1_000 });
    await deliver(0);

    await dispatchAfter(2 * HOUR);

    expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }]);
  });

  test('a message that is always refused waits for three days, and no longer', async () => {
    world.provider = 'throttles';
    await world.accept(0, { quiet: QUIET });
    await deliver(0);

    for (let hours = 1; hours < 72; hours += 1) await dispatchAfter(HOUR);
    expect(await states()).toEqual(['WAITING']);
    await dispatchAfter(HOUR);

    expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }]);
  });
});

describe('after a refusal for now', () => {
  test('the wait doubles with each attempt, until the message expires after one day', async () => {
    world.provider = 'throttles';
    await world.accept(0);
    const expiresAt = world.clock.now() + DAY;
    await deliver(0);

    for (;;) {
      const [{ status, attempts }] = (await world.messages()) as [Message];
      expect(status).toMatchObject({ state: 'WAITING', reason: 'ThrottlingException' });
      const wait = Date.parse('dueAt' in status ? status.dueAt : '') - world.clock.now();
      const left = expiresAt - world.clock.now();
      expect(wait).toBe(Math.min(Math.min(15 * MINUTE, 1_000 * 2 ** attempts) * 0.75, left));
      await dispatchAfter(wait);
      if (wait === left) break;
    }

    expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }]);
  });

  test('the message is sent when the provider is back, and before later ones', async () => {
    world.provider = 'is away';
    await world.accept(0);
    await world.accept(0);
    await deliver(0, 1);
    expect(await states()).toEqual(['WAITING', 'ACCEPTED']);

    world.provider = 'takes';
    await dispatchAfter(15 * MINUTE);

    expect(await states()).toEqual(['SENT', 'SENT']);
    expect(world.damage()).toEqual([]);
  });

  test('a new message to the same recipient does not shorten the wait', async () => {
    world.provider = 'throttles';
    await world.accept(0);
    await deliver(0);
    world.provider = 'takes';

    await world.accept(0);
    await deliver(1);

    expect(await states()).toEqual(['WAITING', 'ACCEPTED']);
    expect(world.deliveries).toEqual([]);
  });

  test('a recipient that is unknown by then waits for the index', async () => {
    world.provider = 'throttles';
    await world.accept(0);
    await deliver(0);
    await world.put({ pk: 'CONTACT#C-0', sk: 'PROFILE', keys: new Set(['another']) });

    await dispatchAfter(MINUTE);

    expect(await statuses()).toMatchObject([{ state: 'WAITING', reason: 'RECIPIENT_UNKNOWN' }]);
  });

  test.each([
    ['forbids', 'AccessDeniedException', 1],
    ['throttles', 'ThrottlingException', 0],
  ] as const)(
    'when the provider %s, the operator is informed once in a run, or not at all',
    async (mode, reason, logs) => {
      const logged = jest.spyOn(logger, 'error').mockImplementation();
      const metric = jest.spyOn(metrics, 'addMetric').mockImplementation();
      metric.mockClear();
      world.provider = mode;
      await world.accept(0);
      await world.accept(1);

      await deliver(0, 1);

      const message = 'the SMS provider refuses texts until you fix the reason; see MessagesRefusedAlarm';
      expect(logged.mock.calls).toEqual(Array.from({ length: logs }, () => [message, { reason }]));
      const refused = metric.mock.calls.filter(([name]) => name === 'MessagesRefused');
      // Every refusal is counted.
      expect(refused.length > 1).toBe(logs > 0);
      expect(refused.length > 0).toBe(logs > 0);
      expect(await states()).toEqual(['WAITING', 'WAITING']);
    },
  );
});

describe('behind the rate of its origin', () => {
  beforeEach(async () => {
    ({ db, world } = await createCalmWorld({ perSecond: 1 }));
  });

  test('a message is sent in its turn, however long it waits', async () => {
    for (let one = 0; one < 12; one += 1) await world.accept(one % 3, { segments: one === 0 ? 2 : 1 });

    await deliver(...Array.from({ length: 12 }, (_, place) => place));
    expect(world.deliveries.length).toBeGreaterThan(1);
    expect(await states()).toContain('WAITING');

    for (let minutes = 0; minutes < 10; minutes += 1) await dispatchAfter(MINUTE);
    expect(new Set(await states())).toEqual(new Set(['SENT']));
  });

  test('a small batch waits two seconds for its slots, without a wake-up', async () => {
    for (const recipient of [0, 1, 2]) await world.accept(recipient);

    await deliver(0, 1, 2);

    expect(await states()).toEqual(['SENT', 'SENT', 'SENT']);
    expect(world.wakeUps).toBe(0);
  });

  test('a recipient who opts out during the wait gets no text, and another message takes the slot', async () => {
    for (const recipient of [0, 1, 2]) await world.accept(recipient);
    await deliver(0);
    const { sleep } = world.clock;
    world.clock.sleep = async (milliseconds) => {
      world.clock.sleep = sleep;
      await world.optOut(1, 'OPTED_OUT');
      await sleep(milliseconds);
    };

    await deliver(1);
    await deliver(2);

    expect(await states()).toEqual(['SENT', 'SUPPRESSED', 'SENT']);
    const [first = 0, second = 0] = world.deliveries.map(({ at }) => at);
    expect(second - first).toBe(1_000);
  });
});

test('a message without a run for three days fails when the next message of its lane is dispatched', async () => {
  await world.accept(0);
  world.clock.advance(3 * DAY);
  await world.accept(0);

  await deliver(1);

  expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }, { state: 'SENT' }]);
});

test('a message that is resent a week later is sent, even if a newer one is dispatched first', async () => {
  world.provider = 'loses the request';
  await world.accept(0);
  await deliver(0);
  world.provider = 'takes';
  world.clock.advance(7 * DAY);
  await world.resend(0);
  await world.accept(0);

  await deliver(1, 0);

  expect(await states()).toEqual(['SENT', 'SENT']);
});
