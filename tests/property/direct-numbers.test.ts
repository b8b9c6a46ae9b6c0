import fc from 'fast-check';
import { createAgentSync } from '#core/agent-sync/index.ts';
import { expireNumbers } from '#core/phonebook/expire-numbers.ts';
import { blockNumber, createPhonebook, unblockNumber } from '#core/phonebook/index.ts';
import { SwitchboardError } from '#core/platform/errors.ts';
import { type Chaos, chaoticClient, Killed, seededRandom } from '#support/chaos.ts';
import {
  DIRECT_FLOW,
  fakeClock,
  fakeConnect,
  fakeUser,
  findDamage,
  INSTANCE_ARN,
} from '#support/directory.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { PROPERTY_TIMEOUT_MS, propertyRuns } from '#support/property.ts';

/*
 * The instance gets numbers, gives them back and points them elsewhere, agents come and go, programs reserve, assign and
 * release, people block and unblock, while syncs and runs of number-expiry go side by side, are killed after any number of AWS calls and lose answers. The
 * directory is looked at after every single write.
 */

jest.setTimeout(PROPERTY_TIMEOUT_MS);

const UNDISTURBED: Chaos = { side: 'before', faults: 0 };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NUMBERS = Array.from({ length: 8 }, (_, index) => `+1613555011${index}`);
const FLOWS = [DIRECT_FLOW, DIRECT_FLOW, 'switchboard inbound', undefined];

const number = fc.nat({ max: NUMBERS.length - 1 });
const user = fc.nat({ max: 3 });
const chaos: fc.Arbitrary<Chaos> = fc
  .record({
    killAt: fc.option(fc.nat(30), { nil: -1, freq: 2 }),
    side: fc.constantFrom('before' as const, 'after' as const),
    faults: fc.constantFrom(0, 0, 5),
  })
  .map(({ killAt, ...rest }) => (killAt < 0 ? rest : { ...rest, killAt }));

const happening = fc.oneof(
  fc.record({ do: fc.constant('claim' as const), number, flow: fc.nat({ max: FLOWS.length - 1 }) }),
  fc.record({ do: fc.constant('give back' as const), number }),
  fc.record({ do: fc.constant('hire' as const), user }),
  fc.record({ do: fc.constant('fire' as const), user }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(MINUTE, 20 * MINUTE, 2 * DAY) }),
);
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('sync' as const), chaos, acceptShrink: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('assign' as const), user, number, replace: fc.boolean(), chaos }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), user, chaos }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire-numbers' as const), chaos }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('block' as const, 'unblock' as const), number, chaos }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

const story = fc.record({
  steps: fc.array(
    fc.record({
      happenings: fc.array(happening, { maxLength: 4 }),
      atOnce: fc.array(action, { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  seed: fc.nat(),
});

function createWorld(seed: number) {
  const random = seededRandom(seed);
  const clock = { ...fakeClock(), random };
  const heldAt = new Map<string, number>();
  const db = memoryDynamoDb(random, () => {
    const damage = [...findDamage(db.items), ...findHasty(db.items, heldAt, clock.now())];
    if (damage.length > 0) throw new Error(damage.join('; '));
  });
  db.catchUp = 0.7;
  const connect = fakeConnect([fakeUser('u0'), fakeUser('u1')], 3);
  const directoryOf = (disturbance: Chaos) => ({
    client: chaoticClient(db.client, disturbance, random),
    ...{ table: 'directory', sleep: async () => {} },
  });
  const phonebookOf = (disturbance: Chaos) =>
    createPhonebook({
      directory: directoryOf(disturbance),
      reservationMs: 15 * MINUTE,
      quarantineDays: 1,
      clock,
    });

  function sync(disturbance: Chaos, acceptShrink: boolean) {
    const settings = {
      ...{ table: 'directory', instanceArn: INSTANCE_ARN, extensionRange: '10-12', quarantineDays: 1 },
      ...{ directNumberFlow: DIRECT_FLOW, exportBucket: '' },
    };
    return createAgentSync(settings, { directory: directoryOf(disturbance), connect, clock })(
      { acceptShrink },
      900_000,
    );
  }

  async function assign({ user: index, number: at, replace, chaos: disturbance }: Action & { do: 'assign' }) {
    const phonebook = phonebookOf(disturbance);
    const prefix = NUMBERS[at] ?? '';
    const { refId } = await phonebook.reserveNumbers({ pool: 'direct', prefix, count: 1 });
    await phonebook.assignNumber({ userId: `u${index}`, refId, phoneNumber: prefix, replace });
  }

  async function release({ user: index, chaos: disturbance }: Action & { do: 'release' }) {
    const phonebook = phonebookOf(disturbance);
    const phoneNumber = (await phonebook.getUser(`u${index}`))?.directNumber;
    if (phoneNumber) await phonebook.releaseNumber({ userId: `u${index}`, phoneNumber });
  }

  return {
    db,
    sync,
    clock,
    happen(what: typeof happening extends fc.Arbitrary<infer Value> ? Value : never): void {
      switch (what.do) {
        case 'claim': {
          const flow = FLOWS[what.flow];
          const claimed = NUMBERS[what.number] ?? '';
          connect.numbers.set(claimed, { number: claimed, ...(flow === undefined ? {} : { flow }) });
          return;
        }
        case 'give back':
          connect.numbers.delete(NUMBERS[what.number] ?? '');
          return;
        case 'hire':
          connect.users.set(`u${what.user}`, fakeUser(`u${what.user}`));
          return;
        case 'fire':
          connect.users.delete(`u${what.user}`);
          return;
        case 'wait':
          clock.advance(what.ms);
      }
    },
    act(what: Action): Promise<unknown> {
      switch (what.do) {
        case 'sync':
          return survive(sync(what.chaos, what.acceptShrink));
        case 'assign':
          return survive(assign(what));
        case 'release':
          return survive(release(what));
        case 'expire-numbers':
          return survive(expireNumbers(directoryOf(what.chaos), clock.now()));
        case 'block':
          return survive(blockNumber(directoryOf(what.chaos), NUMBERS[what.number] ?? ''));
        case 'unblock':
          return survive(unblockNumber(directoryOf(what.chaos), NUMBERS[what.number] ?? '', clock.now()));
      }
    },
    /** What differs from what an undisturbed sync must reach. */
    findDifference(): string[] {
      const rows = [...db.items.values()].filter(({ sk, pool }) => sk === 'NUMBER' && pool === 'direct');
      // What an agent had stays, blocked, as long as a quarantine.
      const strays = rows.filter(
        ({ pk, reason }) =>
          reason !== 'NOT_IN_CONNECT' && !connect.numbers.has(String(pk).slice('NUMBER#'.length)),
      );
      const wrong = [...connect.numbers.values()].filter(({ number: claimed, flow }) => {
        const state = db.items.get(`NUMBER#${claimed} NUMBER`)?.state;
        return (
          state === undefined ||
          (flow === DIRECT_FLOW ? state === 'BLOCKED' : state !== 'BLOCKED' && state !== 'ASSIGNED')
        );
      });
      const holders = [...db.items.values()].filter(
        ({ directNumber }) => directNumber !== undefined && !connect.numbers.has(String(directNumber)),
      );
      return [
        ...strays.map(({ pk }) => `${pk} is not the instance's`),
        ...wrong.map(({ number: claimed }) => `${claimed} is not as in the instance`),
        ...holders.map(({ agentId, directNumber }) => `${agentId} has ${directNumber}, which is gone`),
      ];
    },
  };
}

/** What is free, though an agent had it less than a quarantine ago. */
function findHasty(
  items: ReadonlyMap<string, Record<string, unknown>>,
  heldAt: Map<string, number>,
  now: number,
): string[] {
  return [...items].flatMap(([key, { sk, pool, state }]) => {
    if (sk !== 'NUMBER' || pool !== 'direct') return [];
    if (state === 'ASSIGNED') heldAt.set(key, now);
    // Syncs wait for their turn at Connect, so one that runs beside may have looked at the clock a little earlier.
    const held = now - (heldAt.get(key) ?? Number.NEGATIVE_INFINITY) < DAY - 10 * MINUTE;
    return (state === 'UNUSED' || state === 'RESERVED') && held ? [`${key} is ${state} too early`] : [];
  });
}

/** A killed run has no result; what a program is refused is its answer. */
async function survive(run: Promise<unknown>): Promise<void> {
  try {
    await run;
  } catch (error) {
    if (error instanceof Killed || error instanceof SwitchboardError) return;
    if (['ThrottlingException', 'TransactionConflictException'].includes((error as Error).name)) return;
    throw error;
  }
}

test('undisturbed syncs match the instance after any changes, and no agent keeps a missing number', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ steps, seed }) => {
      const world = createWorld(seed);
      for (const { happenings, atOnce } of steps) {
        for (const what of happenings) world.happen(what);
        await Promise.all(atOnce.map((what) => world.act(what)));
      }
      world.db.catchUp = 1;
      for (const at of NUMBERS.keys()) await world.act({ do: 'unblock', number: at, chaos: UNDISTURBED });

      // The lease of whoever was killed last runs out first; what an agent has is taken by the second run that misses it.
      world.clock.advance(2 * MINUTE);
      await world.sync(UNDISTURBED, true);
      world.clock.advance(MINUTE);
      expect(await world.sync(UNDISTURBED, true)).toMatchObject({ status: 'DONE' });
      expect(world.findDifference()).toEqual([]);

      const { writes } = world.db;
      expect(await world.sync(UNDISTURBED, true)).toMatchObject({ status: 'DONE' });
      expect(world.db.writes).toBe(writes);

      world.clock.advance(2 * DAY);
      await world.sync(UNDISTURBED, true);
      const kept = [...world.db.items.values()].filter(({ reason }) => reason === 'NOT_IN_CONNECT');
      expect(kept).toEqual([]);
    }),
    propertyRuns(800),
  );
});

test('a sync that is killed at any request and run again ends in the same state', async () => {
  for (let killAt = 0; ; killAt += 1) {
    const ends = await Promise.all(
      (['before', 'after'] as const).map(async (side) => {
        const world = createWorld(1);
        world.db.catchUp = 1;
        for (const at of [0, 1, 2, 3, 4, 5]) world.happen({ do: 'claim', number: at, flow: 0 });
        await world.sync(UNDISTURBED, false);
        for (const at of [0, 1]) {
          await world.act({ do: 'assign', user: at, number: at, replace: false, chaos: UNDISTURBED });
        }
        world.happen({ do: 'give back', number: 0 });
        world.happen({ do: 'claim', number: 2, flow: 3 });
        world.happen({ do: 'claim', number: 6, flow: 0 });

        const ended = await world.sync({ killAt, side, faults: 0 }, false).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
        world.clock.advance(2 * MINUTE);
        await world.sync(UNDISTURBED, false);
        world.clock.advance(MINUTE);
        await world.sync(UNDISTURBED, false);
        expect(world.findDifference()).toEqual([]);
        const states = NUMBERS.map((claimed) => world.db.items.get(`NUMBER#${claimed} NUMBER`)?.state);
        expect(states).toEqual([
          ...['BLOCKED', 'ASSIGNED', 'BLOCKED', 'UNUSED', 'UNUSED', 'UNUSED', 'UNUSED', undefined],
        ]);
        return ended !== undefined;
      }),
    );
    if (ends.every(Boolean)) break;
  }
});
