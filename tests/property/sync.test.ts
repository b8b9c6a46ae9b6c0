import fc from 'fast-check';
import { type Chaos, seededRandom } from '#support/chaos.ts';
import { findDamage } from '#support/directory.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { PROPERTY_TIMEOUT_MS, propertyRuns } from '#support/property.ts';
import {
  createWorld,
  engineStore,
  nameplate,
  type SyncOptions,
  WORLD_NAMES,
  WORLD_RANGES,
  type WorldStore,
} from '#support/sync-world.ts';
import { freshTables } from '#support/tables.ts';

/*
 * Users are hired, dismissed, renamed and re-tagged while syncs, events and runs of number-expiry are killed after any number of
 * AWS calls, run twice at once, are throttled and lose answers, callers key names, and time goes by. Nearly all runs use a DynamoDB in
 * memory, whose index is behind and which is checked after every single write; some use the engine of the tests.
 */

jest.setTimeout(PROPERTY_TIMEOUT_MS);

const UNDISTURBED: Chaos = { side: 'before', faults: 0 };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const user = fc.integer({ min: 0, max: 5 });
const tag = fc.option(fc.constantFrom('10', '11', '13', '19', 'none'), { nil: undefined });
const name = fc.nat({ max: WORLD_NAMES.length - 1 });
const unlisted = fc.constantFrom('true', ' True ', 'no', undefined);
const calls = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 6 })), { maxLength: 3 });
const range = fc.integer({ min: 0, max: WORLD_RANGES.length - 1 });
const chaos: fc.Arbitrary<Chaos> = fc
  .record({
    killAt: fc.option(fc.nat(45), { nil: -1, freq: 2 }),
    side: fc.constantFrom('before' as const, 'after' as const),
    faults: fc.constantFrom(0, 0, 3, 10),
  })
  .map(({ killAt, ...rest }) => (killAt < 0 ? rest : { ...rest, killAt }));
const sync: fc.Arbitrary<SyncOptions> = fc.record({
  chaos,
  range,
  acceptShrink: fc.boolean(),
  budgetMs: fc.constantFrom(900_000, 900_000, 3_000, 1_200),
});

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('hire' as const), user, tag, name }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fire' as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), user, to: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tag' as const), user, tag }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('marry' as const), user, name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unlist' as const), user, unlisted }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(MINUTE, 20 * MINUTE, DAY, 2 * DAY),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('sync' as const),
      runs: fc.array(sync, { minLength: 1, maxLength: 2 }),
      calls,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('event' as const), user, chaos, sync, calls }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('expire-numbers' as const),
      runs: fc.array(chaos, { minLength: 1, maxLength: 2 }),
      syncs: fc.array(sync, { maxLength: 1 }),
      calls,
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const story = fc.record({
  staff: fc.array(fc.tuple(user, tag, name), { maxLength: 5 }),
  steps: fc.array(step, { minLength: 1, maxLength: 9 }),
  quarantineDays: fc.constantFrom(0, 1, 1),
  range,
  seed: fc.nat(),
});
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;
type World = ReturnType<typeof createWorld>;

async function play(world: World, step: Step): Promise<unknown> {
  switch (step.do) {
    case 'hire':
      return world.hire(step.user, step.tag, step.name);
    case 'fire':
      return world.fire(step.user);
    case 'rename':
      return world.change(step.user, { username: `name-${step.to}` });
    case 'tag':
      return world.change(step.user, { tag: step.tag });
    case 'marry':
      return world.change(step.user, { ...WORLD_NAMES[step.name] });
    case 'unlist':
      return world.change(step.user, { unlisted: step.unlisted });
    case 'wait':
      return world.wait(step.ms);
    case 'sync':
      return Promise.all([...step.runs.map((options) => world.sync(options)), ...callers(world, step)]);
    case 'event':
      return Promise.all([
        world.event(step.user, step.chaos, step.sync.range),
        world.sync(step.sync),
        ...callers(world, step),
      ]);
    case 'expire-numbers':
      return Promise.all([
        ...step.runs.map((disturbance) => world.expireNumbers(disturbance)),
        ...step.syncs.map((options) => world.sync(options)),
        ...callers(world, step),
      ]);
  }
}

function callers(world: World, { calls }: { calls: [number, number][] }): Promise<void>[] {
  return calls.map(([spelling, length]) => world.call(spelling, length));
}

async function playStory(store: WorldStore, told: Story, random: () => number): Promise<void> {
  const world = createWorld(store, told.quarantineDays, random);
  for (const [who, wish, called] of told.staff) world.hire(who, wish, called);
  for (const step of told.steps) {
    await play(world, step);
    expect(await world.findDamage()).toEqual([]);
  }
  store.settle();
  const undisturbed = { chaos: UNDISTURBED, range: told.range, acceptShrink: true, budgetMs: 900_000 };

  // The lease of whoever was killed last runs out first.
  world.wait(2 * MINUTE);
  expect(await world.sync(undisturbed)).toMatchObject({ status: 'DONE' });
  expect(await world.findDamage()).toEqual([]);
  expect(await world.findDifference(told.range)).toEqual([]);

  const writes = store.writes();
  expect(await world.sync(undisturbed)).toMatchObject({ status: 'DONE' });
  expect(store.writes()).toBe(writes);

  world.wait(3 * DAY);
  await world.expireNumbers(UNDISTURBED);
  await world.sync(undisturbed);
  expect(await world.findDamage()).toEqual([]);
  expect(await world.findDifference(told.range)).toEqual([]);
}

test('disturbed syncs never lose or share an extension, and one undisturbed run reconciles everything', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const random = seededRandom(told.seed);
      const watchers = new Set<Set<string>>();
      const db = memoryDynamoDb(random, () => {
        const damage = findDamage(db.items);
        if (damage.length > 0) throw new Error(damage.join('; '));
        for (const seen of watchers) for (const plate of nameplates()) seen.add(plate);
      });
      const nameplates = () => [...db.items.values()].filter(({ sk }) => sk === 'AGENT').map(nameplate);
      db.catchUp = 0.7;
      const store: WorldStore = {
        client: db.client,
        read: async () => db.items,
        settle: () => {
          db.catchUp = 1;
        },
        writes: () => db.writes,
        watch() {
          const seen = new Set(nameplates());
          watchers.add(seen);
          return { seen, stop: () => watchers.delete(seen) };
        },
      };
      await playStory(store, told, random);
    }),
    propertyRuns(2_000),
  );
});

test('the same holds on a real engine', async () => {
  const { client, directory } = await freshTables();
  let worlds = 0;
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      worlds += 1;
      await playStory(engineStore(client, directory, `${worlds}|`), told, seededRandom(told.seed));
    }),
    propertyRuns(30),
  );
});
