import fc from 'fast-check';
import { createRateLimit, limitWaiting } from '#core/messages/dispatch/rate.ts';
import { seededRandom } from '#support/chaos.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';

const MAX_WAIT_MS = 5_000;

function limits(perSecond: number, processes = 1, seed = 0) {
  const { client } = memoryDynamoDb(seededRandom(seed));
  const table = { client, messages: 'messages' };
  return Array.from({ length: processes }, () => createRateLimit(table, perSecond));
}

test('the newest slot can be released, an older one cannot', async () => {
  const [rate] = limits(1);
  const take = async () => {
    const slot = await rate?.takeSlot('+16135550100', 1, 1_000, 9_000);
    if (slot?.kind !== 'TAKEN') throw new Error('No slot.');
    return slot;
  };
  const [first, second] = [await take(), await take()];

  await rate?.releaseSlot('+16135550100', first);
  await rate?.releaseSlot('+16135550100', second);

  expect([first.at, second.at, (await take()).at, (await take()).at]).toEqual([1_000, 2_000, 2_000, 3_000]);
});

test('slots are as far apart as the rate requires, for any number of processes and concurrent requests', async () => {
  const asked = fc.record({
    process: fc.nat(2),
    parts: fc.integer({ min: 1, max: 3 }),
    rests: fc.constantFrom(0, 0, 0, 1, 200, 20_000),
    together: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(asked, { minLength: 1, maxLength: 40 }),
      fc.constantFrom(1, 3, 40),
      fc.nat(),
      async (all, perSecond, seed) => {
        const processes = limits(perSecond, 3, seed);
        const slots: { kind: string; at: number; parts: number; now: number }[] = [];
        let running: Promise<unknown>[] = [];
        let now = 1_000_000;
        for (const { process, parts, rests, together } of all) {
          now += rests;
          const asking = processes[process]?.takeSlot('+16135550100', parts, now, now + MAX_WAIT_MS);
          const asked = now;
          running.push(
            Promise.resolve(asking).then((slot) => slot && slots.push({ ...slot, parts, now: asked })),
          );
          if (!together) {
            await Promise.all(running);
            running = [];
          }
        }
        await Promise.all(running);

        expect(slots).toHaveLength(all.length);
        for (const kind of ['TAKEN', 'QUEUED']) {
          const some = slots.filter((slot) => slot.kind === kind).sort((a, b) => a.at - b.at);
          for (const [place, { at, parts }] of some.entries()) {
            const next = some[place + 1];
            // Rounding errors are below a hundredth of a millisecond.
            if (next) expect(next.at - at).toBeGreaterThanOrEqual((1_000 / perSecond) * parts - 0.01);
          }
        }
        for (const { kind, at, now: asked } of slots) {
          expect(at).toBeGreaterThanOrEqual(asked);
          if (kind === 'TAKEN') expect(at).toBeLessThanOrEqual(asked + MAX_WAIT_MS);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('an idle origin has a slot now', async () => {
  const [limit] = limits(1);

  expect(await limit?.takeSlot('+16135550100', 1, 1_000_000, 1_005_000)).toEqual({
    kind: 'TAKEN',
    at: 1_000_000,
    next: 1_001_000,
  });
  expect(await limit?.takeSlot('+16135550100', 1, 1_000_001, 1_005_001)).toEqual({
    kind: 'TAKEN',
    at: 1_001_000,
    next: 1_002_000,
  });
  expect(await limit?.takeSlot('+16135550100', 1, 2_000_000, 2_005_000)).toMatchObject({
    kind: 'TAKEN',
    at: 2_000_000,
  });
});

test('a caller whose waiting time is over still takes a slot that is free now', async () => {
  const [limit] = limits(20);

  expect(await limit?.takeSlot('+16135550100', 1, 1_001_000, 1_000_000)).toMatchObject({ at: 1_001_000 });
  expect(await limit?.takeSlot('+16135550100', 1, 1_001_600, 1_000_000)).toMatchObject({
    kind: 'TAKEN',
    at: 1_001_600,
  });
});

test('a queued caller never gets a time in the past', async () => {
  const [limit] = limits(1);
  await limit?.takeSlot('+16135550100', 5, 1_001_000, 1_001_000);

  const slots = [0, 500, 1_000].map((later) =>
    limit?.takeSlot('+16135550100', 1, 1_001_500 + later, 1_000_000),
  );

  for (const slot of await Promise.all(slots)) {
    expect(slot?.kind).toBe('QUEUED');
    expect(slot?.at).toBeGreaterThanOrEqual(1_001_500);
  }
});

test('origins do not wait for each other', async () => {
  const [limit] = limits(1);

  await limit?.takeSlot('+16135550100', 3, 1_000_000, 1_005_000);

  expect(await limit?.takeSlot('+16135550101', 1, 1_000_000, 1_005_000)).toEqual({
    kind: 'TAKEN',
    at: 1_000_000,
    next: 1_001_000,
  });
});

test('queued callers are spaced at the rate, and a new caller does not wait behind them', async () => {
  const [limit] = limits(1);
  const first = await Promise.all(
    Array.from({ length: 100 }, () => limit?.takeSlot('+16135550100', 1, 1_000_000, 1_005_000)),
  );
  const later = first.filter((slot) => slot?.kind === 'QUEUED').map((slot) => slot?.at ?? 0);

  expect(later).toHaveLength(94);
  expect(Math.max(...later)).toBeLessThanOrEqual(1_000_000 + 100_000);
  expect(await limit?.takeSlot('+16135550100', 1, 1_003_000, 1_008_000)).toMatchObject({ kind: 'TAKEN' });
});

test('the stream waits for a busy origin again only after 30 seconds', async () => {
  const waits: number[] = [];
  const full = {
    async takeSlot(_origin: string, _parts: number, now: number, latest: number) {
      waits.push(latest - now);
      return { kind: 'QUEUED', at: latest } as const;
    },
    releaseSlot: async () => {},
  };
  const { takeSlot } = limitWaiting(full, new Map(), 60_000);

  for (const [origin, now] of [
    ['a', 0],
    ['a', 10_000],
    ['b', 10_000],
    ['a', 29_999],
    ['a', 30_000],
  ] as const) {
    await takeSlot(origin, 1, now, 0);
  }

  expect(waits).toEqual([60_000, 0, 50_000, 0, 30_000]);
});
