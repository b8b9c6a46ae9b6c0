import { type MemoryDynamoDb, memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createMessageWorld, HOUR, type MessageWorld, MINUTE, OURS, QUIET } from '#support/message-world.ts';
import { virtualClock } from '#support/virtual-clock.ts';

// When texts leave, in a time in which each request takes 5 ms and the stream delivers one batch after the other.

const OTHER = '+16135550101';
const BATCH = 100;

let db: MemoryDynamoDb;
let world: MessageWorld;
let clock: ReturnType<typeof virtualClock>;
let startedAt: number;

async function begin({ perSecond = 1, sends = true } = {}): Promise<void> {
  db = memoryDynamoDb(() => 0.5);
  clock = virtualClock();
  world = createMessageWorld({ client: db.client, random: () => 0.5, perSecond, sends, clock });
  await world.begin();
  await world.put({ pk: `NUMBER#${OTHER}`, sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'a' });
}

/** From now on, requests take time. */
function startTime(): void {
  startedAt = clock.now();
  const send = db.client.send.bind(db.client) as (command: unknown) => Promise<object>;
  db.client.send = (async (command: unknown) => {
    await clock.sleep(5);
    return send(command);
  }) as never;
}

const leftAt = (to?: string) =>
  world.deliveries.filter((text) => to === undefined || text.to === to).map(({ at }) => at - startedAt);

describe('many texts of one sender', () => {
  /** New contacts, each with a number. */
  async function recipients(count: number, first = 0): Promise<string[]> {
    const numbers = Array.from({ length: count }, (_, one) => `+1416555${String(1_000 + first + one)}`);
    for (const [one, to] of numbers.entries()) {
      const hash = world.keyring.hash(to);
      await world.put({ pk: hash, sk: `D-${first + one}` });
      await world.put({ pk: `CONTACT#D-${first + one}`, sk: 'PROFILE', keys: new Set([hash]) });
    }
    return numbers;
  }

  async function accept(from: string, to: readonly string[]): Promise<void> {
    for (const one of to) await world.accept(0, { from, to: one });
  }

  async function deliverAll(): Promise<void> {
    for (let first = 0; first < world.stream.length; first += BATCH) {
      await world.deliver(Array.from(world.stream.slice(first, first + BATCH), (_, place) => first + place));
    }
  }

  test.each([
    ['at 20 a second', 20, 1_000, 2_000],
    ['at 1 a second', 1, 1_000, 2_000],
    ['to one recipient', 1, 1, 5_000],
  ])('%s do not delay a text of another sender', async (_, perSecond, count, limit) => {
    await begin({ perSecond });
    const many = await recipients(count);
    const [one = ''] = await recipients(1, 2_000);
    await accept(
      OURS,
      Array.from({ length: 1_000 }, (_text, place) => many[place % count] ?? ''),
    );
    await accept(OTHER, [one]);
    startTime();

    await deliverAll();

    expect(leftAt(one)[0]).toBeLessThan(limit);
    expect(world.damage()).toEqual([]);
  });

  test.each([
    [100, 300],
    [1, 40],
  ])('at %d a second, %d texts leave at this rate in a draining run', async (perSecond, count) => {
    await begin({ perSecond });
    await accept(OURS, await recipients(count));
    startTime();

    await deliverAll();
    await world.drainDue();

    const times = leftAt().sort((a, b) => a - b);
    expect(times).toHaveLength(count);
    const gaps = times.map((at, place) => at - (times[place - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(5_000);
    expect(times.at(-1)).toBeLessThan((1_000 / perSecond) * count + 10_000);
    for (const [place, at] of times.entries()) {
      const second = times.slice(place).filter((other) => other < at + 1_000);
      expect(second.length).toBeLessThanOrEqual(perSecond + 1);
    }
  });

  test('a draining run continues when the provider takes longer than the run waits for slots', async () => {
    await begin();
    const [one = '', two = ''] = await recipients(2);
    await accept(OURS, [one, one, one, one, one, two, two, two, two, two]);
    startTime();
    world.responseMs = 8_000;
    world.requests = 0;
    clock.advance(5 * MINUTE);

    await world.drainDue();

    expect(leftAt()).toHaveLength(10);
    // A few for each text, and not as many as fit into the time.
    expect(world.requests).toBeLessThan(250);
    expect(world.damage()).toEqual([]);
  });
});

test.each([
  ['scheduled run ends immediately', true, () => world.dispatchDue(), 0, 1_000],
  ['scheduled run ends immediately without a sender', false, () => world.dispatchDue(), 4.5 * MINUTE, 1_000],
  ['draining run ends after its second pass', true, () => world.drainDue(), 0, 3_000],
])('a %s when no text becomes due', async (name, sends, run, wait, limit) => {
  await begin({ sends });
  await world.accept(0);
  startTime();
  clock.advance(wait);
  const before = clock.now();

  await run();

  expect(clock.now() - before).toBeLessThan(limit);
  if (name.startsWith('draining')) expect(clock.now() - before).toBeGreaterThan(2_000);
  expect(world.wakeUps).toBe(0);
});

// Without the scheduled run: the stream of the wake-up row starts draining runs, one at a time.
describe('a wake-up', () => {
  beforeEach(async () => {
    await begin();
    world.drainsOnWakeUp = true;
    startTime();
  });

  /** Accepts a text after some milliseconds, and delivers its stream record. */
  async function text(after: number, recipient: number, parts = {}): Promise<void> {
    await clock.sleep(after);
    await world.deliver([await world.accept(recipient, parts)]);
  }

  test.each([
    ['one recipient', () => 0],
    ['several recipients', (one: number) => one % 3],
  ])('sends five texts to %s at one a second', async (_, recipient) => {
    await Promise.all([0, 1, 2, 3, 4].map((one) => text(600 * one, recipient(one))));
    await world.drainWakeUps();

    expect(await world.states()).toEqual(Array(5).fill('SENT'));
    expect(leftAt().at(-1)).toBeLessThan(10_000);
    expect(world.damage()).toEqual([]);
  });

  test('sends many parts one after the other, beyond the time of one run', async () => {
    await Promise.all([
      ...Array.from({ length: 25 }, (_, one) => text(100 * one, one % 3, { segments: 4 })),
      clock.sleep(MINUTE).then(() => world.dispatchDue()),
      clock.sleep(2 * MINUTE).then(() => world.dispatchDue()),
    ]);
    await world.drainWakeUps();

    const times = leftAt();
    expect(times).toHaveLength(25);
    expect(times.at(-1)).toBeLessThan(120_000);
    const gaps = times.slice(1).map((at, place) => at - (times[place] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(10_000);
    expect(world.damage()).toEqual([]);
  });

  test('retries a refused text in time, and then sends the texts behind it', async () => {
    world.provider = 'throttles';
    await Promise.all([text(0, 0), text(10, 0), clock.sleep(20_000).then(() => (world.provider = 'takes'))]);
    await world.drainWakeUps();

    expect(await world.states()).toEqual(['SENT', 'SENT']);
    expect(leftAt().at(-1)).toBeLessThan(40_000);
    expect(world.damage()).toEqual([]);
  });

  test.each([
    ['the end of quiet hours', { quiet: QUIET }],
    ['the index of contacts', { to: '+14165550199' }],
  ])('is not requested for a text that waits for %s', async (_, parts) => {
    await text(0, 0, parts);

    expect(await world.states()).toEqual(['WAITING']);
    expect(world.wakeUps).toBe(0);
  });

  test('is requested by the scheduled run when quiet hours end before the next one', async () => {
    await text(0, 0, { quiet: QUIET });
    clock.advance(startedAt + 6 * HOUR - 30_000 - clock.now());

    await world.dispatchDue();
    await world.drainWakeUps();

    expect(leftAt()).toHaveLength(1);
    expect(leftAt()[0]).toBeLessThan(6 * HOUR + 2_500);
  });

  test('sends a text that the index shows only at the second pass', async () => {
    const { drainDue } = world;
    world.drainDue = (chaos) => {
      db.catchUp = 0;
      void clock.sleep(1_500).then(() => {
        db.catchUp = 1;
      });
      return drainDue(chaos);
    };
    // The first text takes the slots of ten seconds.
    await text(0, 0, { segments: 10 });
    await text(0, 0);
    await world.drainWakeUps();

    expect(await world.states()).toEqual(['SENT', 'SENT']);
  });

  test('that is requested while a run ends starts the next run', async () => {
    // The first run sends two texts, and ends. Others arrive at each moment of its end.
    await Promise.all([0, 50, 4_000, 4_700, 5_300, 6_000, 6_700, 7_100].map((after) => text(after, 0)));
    await world.drainWakeUps();

    expect(await world.states()).toEqual(Array(8).fill('SENT'));
    expect(leftAt().at(-1)).toBeLessThan(14_000);
  });
});
