import { limitWaiting } from '#core/messages/dispatch/rate.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createMessageWorld, OURS, UNDISTURBED } from '#support/message-world.ts';
import { virtualClock } from '#support/virtual-clock.ts';

/*
 * Many texts of one sender and few of others, in a time in which each request takes 5 ms: when do they leave? The stream
 * delivers one batch after the other.
 */

const OTHER = '+16135550101';
const BATCH = 100;

let world: ReturnType<typeof createMessageWorld>;
let clock: ReturnType<typeof virtualClock>;
let begun: number;

async function begin(perSecond: number, sends = true): Promise<void> {
  const db = memoryDynamoDb(() => 0);
  clock = virtualClock();
  world = createMessageWorld({ client: db.client, random: () => 0.5, perSecond, sends, clock });
  await world.begin();
  await world.put({ pk: `NUMBER#${OTHER}`, sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'a' });
  const send = db.client.send.bind(db.client) as (command: unknown) => Promise<object>;
  begun = clock.now();
  db.client.send = (async (command: unknown) => {
    if (clock.now() > begun || world.stream.length > 0) await clock.sleep(5);
    return send(command);
  }) as never;
}

/** Somebody whom we know. */
async function recipient(id: number): Promise<string> {
  const to = `+1416555${String(1_000 + id)}`;
  const hash = world.keyring.hash(to);
  await world.put({ pk: hash, sk: `D-${id}` });
  await world.put({ pk: `CONTACT#D-${id}`, sk: 'PROFILE', keys: new Set([hash]) });
  return to;
}

/** Texts to as many recipients, accepted in one moment. */
async function accept(from: string, recipients: readonly string[]): Promise<void> {
  for (const to of recipients) await world.accept(0, { from, to });
  begun = clock.now();
}

async function recipients(count: number, first = 0): Promise<string[]> {
  const all: string[] = [];
  for (let id = first; id < first + count; id += 1) all.push(await recipient(id));
  return all;
}

async function deliverAll(): Promise<void> {
  for (let first = 0; first < world.stream.length; first += BATCH) {
    const places = Array.from(world.stream.slice(first, first + BATCH), (_, place) => first + place);
    await world.deliver(places, UNDISTURBED);
  }
}

const leftAt = (to: string) => world.deliveries.filter((text) => text.to === to).map(({ at }) => at - begun);

test.each([20, 1])(
  'a text of another sender leaves in two seconds behind 1,000 texts of one that may send %d a second',
  async (perSecond) => {
    await begin(perSecond);
    const [many, [one = '']] = [await recipients(1_000), await recipients(1, 2_000)];
    await accept(OURS, many);
    await accept(OTHER, [one]);

    await deliverAll();

    expect(leftAt(one)[0]).toBeLessThan(2_000);
  },
);

test('a text of another sender leaves in a few seconds behind 1,000 texts to one recipient', async () => {
  await begin(1);
  const [many, [one = '']] = [await recipients(1), await recipients(1, 2_000)];
  await accept(
    OURS,
    Array.from({ length: 1_000 }, () => many[0] ?? ''),
  );
  await accept(OTHER, [one]);

  await deliverAll();

  expect(leftAt(one)[0]).toBeLessThan(5_000);
  expect(world.damage()).toEqual([]);
});

test.each([
  [100, 300],
  [1, 40],
])('at %d a second, %d texts leave as fast as they may once a run follows them', async (perSecond, count) => {
  await begin(perSecond);
  const many = await recipients(count);
  await accept(OURS, many);

  await deliverAll();
  await world.drainDue();

  const times = many.flatMap(leftAt).sort((a, b) => a - b);
  expect(times).toHaveLength(count);
  const gaps = times.map((at, place) => at - (times[place - 1] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(5_000);
  expect(times.at(-1)).toBeLessThan((1_000 / perSecond) * count + 10_000);
  for (const [place, at] of times.entries()) {
    const second = times.slice(place).filter((other) => other < at + 1_000);
    expect(second.length).toBeLessThanOrEqual(perSecond + 1);
  }
});

test('a run goes on when its requests to the provider take longer than it waits for turns', async () => {
  await begin(1);
  const [one = '', two = ''] = await recipients(2);
  await accept(OURS, [one, one, one, one, one, two, two, two, two, two]);
  world.responseMs = 8_000;
  world.requests = 0;
  clock.advance(5 * 60_000);

  await world.drainDue();

  expect([...leftAt(one), ...leftAt(two)]).toHaveLength(10);
  // A handful for each text, and not as many as fit into the time.
  expect(world.requests).toBeLessThan(250);
  expect(world.damage()).toEqual([]);
});

test('a run of the schedule ends at once when nobody waits for a turn in its time, and asks nobody to follow', async () => {
  await begin(1);
  await accept(OURS, await recipients(1));

  await world.dispatchDue();

  expect(clock.now() - begun).toBeLessThan(1_000);
  expect(world.wakeUps).toBe(0);
});

test('a run that follows ends after its second look when nobody waits', async () => {
  await begin(1);
  await accept(OURS, await recipients(1));

  await world.drainDue();

  expect(clock.now() - begun).toBeGreaterThan(2_000);
  expect(clock.now() - begun).toBeLessThan(3_000);
});

test('without a sender a run of the schedule ends at once', async () => {
  await begin(1, false);
  await accept(OURS, await recipients(1));
  clock.advance(4 * 60_000 + 30_000);
  const now = clock.now();

  await world.dispatchDue();

  expect(clock.now() - now).toBeLessThan(1_000);
  expect(world.wakeUps).toBe(0);
});

test('for half a minute after an origin had no slot nobody of the stream waits for it, and then somebody tries again', async () => {
  const waited: number[] = [];
  const full = {
    async takeSlot(_origin: string, _parts: number, now: number, latest: number) {
      waited.push(latest - now);
      return { kind: 'QUEUED', at: latest } as const;
    },
    releaseSlot: async () => {},
  };
  const { takeSlot } = limitWaiting(full, new Map(), 60_000);

  await takeSlot(OURS, 1, 0, 0);
  await takeSlot(OURS, 1, 10_000, 0);
  await takeSlot(OTHER, 1, 10_000, 0);
  await takeSlot(OURS, 1, 29_999, 0);
  await takeSlot(OURS, 1, 30_000, 0);

  expect(waited).toEqual([60_000, 0, 50_000, 0, 30_000]);
});
