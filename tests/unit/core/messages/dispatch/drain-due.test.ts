import { type MemoryDynamoDb, memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createMessageWorld, QUIET, UNDISTURBED } from '#support/message-world.ts';
import { virtualClock } from '#support/virtual-clock.ts';

/*
 * When leaves what a batch of the stream leaves to later? Without the schedule: the stream of the row by which it asks starts
 * a run that follows, one at a time. Each request takes 5 ms.
 */

const HOUR = 60 * 60_000;

let db: MemoryDynamoDb;
let world: ReturnType<typeof createMessageWorld>;
let clock: ReturnType<typeof virtualClock>;
let begun: number;

beforeEach(async () => {
  db = memoryDynamoDb(() => 0.5);
  clock = virtualClock();
  world = createMessageWorld({ client: db.client, random: () => 0.5, perSecond: 1, clock });
  await world.begin();
  world.drainsOnWakeUp = true;
  begun = clock.now();
  const send = db.client.send.bind(db.client) as (command: unknown) => Promise<object>;
  db.client.send = (async (command: unknown) => {
    await clock.sleep(5);
    return send(command);
  }) as never;
});

/** Accepts a text after so many milliseconds, and a batch of the stream tells of it. */
async function text(after: number, recipient: number, parts = {}): Promise<void> {
  await clock.sleep(after);
  await world.deliver([await world.accept(recipient, parts)], UNDISTURBED);
}

const states = async () => (await world.messages()).map(({ status }) => status.state);
const leftAt = () => world.deliveries.map(({ at }) => at - begun);

test.each([
  ['to one recipient', () => 0],
  ['to several', (one: number) => one % 3],
])('five texts %s within three seconds leave in a few more, at one a second', async (_, recipient) => {
  await Promise.all([0, 1, 2, 3, 4].map((one) => text(600 * one, recipient(one))));
  await world.drainWakeUps();

  expect(await states()).toEqual(Array(5).fill('SENT'));
  expect(leftAt().at(-1)).toBeLessThan(10_000);
  expect(world.damage()).toEqual([]);
});

test('many parts leave one after the other, beyond the time of one run too', async () => {
  await Promise.all([
    ...Array.from({ length: 25 }, (_, one) => text(100 * one, one % 3, { segments: 4 })),
    clock.sleep(60_000).then(() => world.dispatchDue()),
    clock.sleep(120_000).then(() => world.dispatchDue()),
  ]);
  await world.drainWakeUps();

  const times = leftAt();
  expect(times).toHaveLength(25);
  expect(times.at(-1)).toBeLessThan(120_000);
  const gaps = times.slice(1).map((at, place) => at - (times[place] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(10_000);
  expect(world.damage()).toEqual([]);
});

test('a refused text is tried again in its time, and what stands behind it goes after it', async () => {
  world.provider = 'throttles';
  await Promise.all([text(0, 0), text(10, 0), clock.sleep(20_000).then(() => (world.provider = 'takes'))]);
  await world.drainWakeUps();

  expect(await states()).toEqual(['SENT', 'SENT']);
  expect(leftAt().at(-1)).toBeLessThan(40_000);
  expect(world.damage()).toEqual([]);
});

test.each([
  ['the end of quiet hours', { quiet: QUIET }],
  ['the index of contacts', { to: '+14165550199' }],
])('nobody is asked to follow who waits for %s', async (_, parts) => {
  await text(0, 0, parts);

  expect(await states()).toEqual(['WAITING']);
  expect(world.wakeUps).toBe(0);
});

test('the schedule asks when quiet hours end before its next run', async () => {
  await text(0, 0, { quiet: QUIET });
  clock.advance(begun + 6 * HOUR - 30_000 - clock.now());

  await world.dispatchDue();
  await world.drainWakeUps();

  expect(leftAt()).toHaveLength(1);
  expect(leftAt()[0]).toBeLessThan(6 * HOUR + 2_500);
});

test('an index that is behind at the first look is not at the second', async () => {
  const { drainDue } = world;
  world.drainDue = (chaos) => {
    db.catchUp = 0;
    void clock.sleep(1_500).then(() => {
      db.catchUp = 1;
    });
    return drainDue(chaos);
  };
  // The first one takes the slots of ten seconds.
  await text(0, 0, { segments: 10 });
  await text(0, 0);
  await world.drainWakeUps();

  expect(await states()).toEqual(['SENT', 'SENT']);
});

test('what is left while a run ends has a run of its own', async () => {
  // The first one follows two texts, and ends; others come at every moment of its end.
  await Promise.all([0, 50, 4_000, 4_700, 5_300, 6_000, 6_700, 7_100].map((after) => text(after, 0)));
  await world.drainWakeUps();

  expect(await states()).toEqual(Array(8).fill('SENT'));
  expect(leftAt().at(-1)).toBeLessThan(14_000);
});
