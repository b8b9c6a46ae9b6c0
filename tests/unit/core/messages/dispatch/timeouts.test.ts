import type { Message } from '#core/messages/message.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, DAY, HOUR, type MessageWorld, MINUTE, QUIET } from '#support/message-world.ts';

// For how long a message waits, and what is asked again when it has.

const SECOND = 1_000;

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const statuses = () => world.statuses();

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

/** Something happens while the next one sleeps. */
function duringSleep(happens: () => Promise<unknown>): void {
  const { sleep } = world.clock;
  world.clock.sleep = async (milliseconds) => {
    world.clock.sleep = sleep;
    await happens();
    await sleep(milliseconds);
  };
}

test('who opts out while a text waits for its turn is not texted, and another has the turn', async () => {
  ({ db, world } = await createCalmWorld({ perSecond: 1 }));
  for (const recipient of [0, 1, 2]) await world.accept(recipient);
  await deliver(0);
  duringSleep(() => world.optOut(1, 'OPTED_OUT'));

  await deliver(1);
  await deliver(2);

  expect(await states()).toEqual(['SENT', 'SUPPRESSED', 'SENT']);
  const [first = 0, second = 0] = world.deliveries.map(({ at }) => at);
  expect(second - first).toBe(SECOND);
});

test('a refused text is tried again after twice the time, up to a quarter of an hour, half of it by chance', async () => {
  world.provider = 'throttles';
  await world.accept(0);
  await deliver(0);

  const waits: number[] = [];
  for (let time = 0; time < 12; time += 1) {
    const [{ status, attempts }] = (await world.messages()) as [Message];
    const wait = Date.parse('dueAt' in status ? status.dueAt : '') - world.clock.now();
    expect(wait).toBe(Math.min(15 * MINUTE, SECOND * 2 ** attempts) * 0.75);
    waits.push(wait);
    world.clock.advance(wait);
    await world.dispatchDue();
  }

  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBe(15 * MINUTE * 0.75);
});

test('a refused text is not tried before its time because another to the same number comes', async () => {
  world.provider = 'throttles';
  await world.accept(0);
  await deliver(0);
  world.provider = 'takes';

  await world.accept(0);
  await deliver(1);

  expect(await states()).toEqual(['WAITING', 'ACCEPTED']);
  expect(world.deliveries).toEqual([]);
});

test('the index of contacts has its time, though the text waited for something else before', async () => {
  world.provider = 'throttles';
  await world.accept(0);
  await deliver(0);
  await world.put({ pk: 'CONTACT#C-0', sk: 'PROFILE', keys: new Set(['another']) });

  world.clock.advance(MINUTE);
  await world.dispatchDue();

  expect(await statuses()).toMatchObject([{ state: 'WAITING', reason: 'RECIPIENT_UNKNOWN' }]);
});

test('what stands behind a text that waits is written only when it is due', async () => {
  await world.accept(0, { quiet: QUIET });
  for (let one = 0; one < 5; one += 1) await world.accept(0);
  const { writes } = db;

  await deliver(0, 1, 2, 3, 4, 5);

  expect(db.writes - writes).toBe(1);
});

test('quiet hours that end after DynamoDB may delete a text are not waited for', async () => {
  await world.accept(0, { quiet: QUIET, ttl: (world.clock.now() + 3 * HOUR) / SECOND });
  await deliver(0);

  world.clock.advance(2 * HOUR);
  await world.dispatchDue();

  expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }]);
});

test('quiet hours of every night give a text that is always refused three days, and no more', async () => {
  world.provider = 'throttles';
  await world.accept(0, { quiet: QUIET });
  await deliver(0);

  for (let hours = 1; hours < 72; hours += 1) {
    world.clock.advance(HOUR);
    await world.dispatchDue();
  }
  expect(await states()).toEqual(['WAITING']);
  world.clock.advance(HOUR);
  await world.dispatchDue();

  expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }]);
});

test('a text that nobody looked at for three days is seen by who comes with the next one', async () => {
  await world.accept(0);
  world.clock.advance(3 * DAY);
  await world.accept(0);

  await deliver(1);

  expect(await statuses()).toMatchObject([{ state: 'FAILED', reason: 'EXPIRED' }, { state: 'SENT' }]);
});

test('a text that is sent again a week later is met by who is told of a newer one first', async () => {
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

test('a batch of few waits for a turn of two seconds itself, and nobody has to follow', async () => {
  ({ db, world } = await createCalmWorld({ perSecond: 1 }));
  for (const recipient of [0, 1, 2]) await world.accept(recipient);

  await deliver(0, 1, 2);

  expect(await states()).toEqual(['SENT', 'SENT', 'SENT']);
  expect(world.wakeUps).toBe(0);
});
