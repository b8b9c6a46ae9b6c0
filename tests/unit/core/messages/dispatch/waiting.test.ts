import { logger, metrics } from '#core/platform/observability.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, HOUR, type MessageWorld, MINUTE, QUIET } from '#support/message-world.ts';

// What has to wait, how long, and when its time is over.

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const statuses = () => world.statuses();

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

describe('in quiet hours', () => {
  test('a message waits until they are over, and its day begins then', async () => {
    await world.accept(0, { quiet: QUIET });

    await deliver(0);
    expect(await statuses()).toEqual([
      { state: 'WAITING', reason: 'QUIET_HOURS', dueAt: '2026-11-01T14:00:00.000Z' },
    ]);

    world.clock.advance(6 * HOUR - 1);
    await world.dispatchDue();
    expect(world.deliveries).toEqual([]);

    world.clock.advance(1);
    await world.dispatchDue();
    expect(world.deliveries).toHaveLength(1);
  });

  test('what is behind it waits too, and is not looked at before', async () => {
    await world.accept(0, { quiet: QUIET });
    await world.accept(0);
    await deliver(0, 1);

    world.clock.advance(10 * MINUTE);
    await world.dispatchDue();
    expect(await statuses()).toMatchObject([
      { state: 'WAITING' },
      { state: 'ACCEPTED', dueAt: '2026-11-01T14:00:00.000Z' },
    ]);

    const { writes } = db;
    world.clock.advance(10 * MINUTE);
    await world.dispatchDue();
    expect(db.writes).toBe(writes);

    world.clock.advance(6 * HOUR);
    await world.dispatchDue();
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
      await world.dispatchDue();
    }
    expect(await states()).toEqual(['WAITING']);
    world.clock.advance(2 * HOUR);
    await world.dispatchDue();
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
    await world.dispatchDue();

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
      [
        'the SMS provider refuses texts until you fix the reason; see MessagesRefusedAlarm',
        { reason: 'AccessDeniedException' },
      ],
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

test('texts of one origin leave as far apart as its rate says, and what has to wait long comes back in its turn', async () => {
  ({ world } = await createCalmWorld({ perSecond: 1 }));
  for (let one = 0; one < 12; one += 1) await world.accept(one % 3, { segments: one === 0 ? 2 : 1 });

  await deliver(...Array.from({ length: 12 }, (_, place) => place));
  expect(world.deliveries.length).toBeGreaterThan(1);
  expect(await states()).toContain('WAITING');

  for (let minutes = 0; minutes < 10; minutes += 1) {
    world.clock.advance(MINUTE);
    await world.dispatchDue();
  }
  expect(new Set(await states())).toEqual(new Set(['SENT']));
});

test('a message ends before DynamoDB may delete it', async () => {
  world.provider = 'throttles';
  await world.accept(0, { ttl: Math.ceil(world.clock.now() / 1_000) + 6 * 3_600 });
  await deliver(0);

  world.clock.advance(5 * HOUR);
  await world.dispatchDue();

  expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }]);
});
