import fc from 'fast-check';
import { type Chaos, seededRandom } from '#support/chaos.ts';
import { findDamage } from '#support/directory.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createPhonebookWorld, WORLD_NUMBERS } from '#support/phonebook-world.ts';
import { PROPERTY_TIMEOUT_MS, propertyRuns } from '#support/property.ts';
import { WORLD_NAMES, WORLD_RANGES } from '#support/sync-world.ts';

/*
 * Clients reserve, assign, release, and replace numbers while syncs rename, move, and remove agents, numbers leave the
 * instance and come back, number-expiry runs, and time passes. Each operation can be killed after any number of AWS calls,
 * throttled, or lose responses. DynamoDB is emulated, its index is behind, and every write is checked for damage.
 */

jest.setTimeout(PROPERTY_TIMEOUT_MS);

const CALM: Chaos = { side: 'before', faults: 0 };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const user = fc.nat({ max: 4 });
const name = fc.nat({ max: WORLD_NAMES.length - 1 });
const tag = fc.option(fc.constantFrom('10', '11', '13', '19'), { nil: undefined });
const range = fc.nat({ max: WORLD_RANGES.length - 1 });
const pool = fc.constantFrom('direct' as const, 'direct' as const, 'extension' as const);
const chaos: fc.Arbitrary<Chaos> = fc
  .record({
    killAt: fc.option(fc.nat(12), { nil: -1, freq: 2 }),
    side: fc.constantFrom('before' as const, 'after' as const),
    faults: fc.constantFrom(0, 0, 5, 20),
  })
  .map(({ killAt, ...rest }) => (killAt < 0 ? rest : { ...rest, killAt }));

const choice = fc.record({ number: fc.nat(6), user, replace: fc.boolean(), chaos });
const reserve = fc.record({
  do: fc.constant('reserve' as const),
  pool,
  count: fc.constantFrom(1, 2, 3, 7),
  key: fc.option(fc.constantFrom('a', 'b'), { nil: undefined, freq: 3 }),
  chaos,
  /** The number that the same client assigns at once. */
  choice: fc.option(choice, { nil: undefined, freq: 2 }),
});
const assign = fc.record({ do: fc.constant('assign' as const), reservation: fc.nat(20), choice });
const sync = fc.record({
  chaos,
  range,
  acceptShrink: fc.boolean(),
  budgetMs: fc.constantFrom(900_000, 900_000, 3_000),
});
const action = fc.oneof(
  { weight: 6, arbitrary: reserve },
  { weight: 8, arbitrary: assign },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), user, pool, chaos }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('expire-numbers' as const), chaos }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sync' as const), sync }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('event' as const), user, chaos, range }) },
);
const change = fc.oneof(
  fc.record({ do: fc.constant('hire' as const), user, name, tag }),
  fc.record({ do: fc.constant('fire' as const), user }),
  fc.record({ do: fc.constant('marry' as const), user, name, tag }),
  fc.record({
    do: fc.constant('move' as const),
    number: fc.nat({ max: WORLD_NUMBERS.length - 1 }),
    to: fc.constantFrom('away' as const, 'here' as const, 'elsewhere' as const),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(MINUTE, 8 * MINUTE, 15 * MINUTE, DAY) }),
);
const step = fc.record({
  changes: fc.array(change, { maxLength: 2 }),
  together: fc.array(action, { minLength: 1, maxLength: 5 }),
});
const story = fc.record({
  /** By user. */
  staff: fc.array(name, { minLength: 3, maxLength: 5 }),
  steps: fc.array(step, { minLength: 1, maxLength: 7 }),
  quarantineDays: fc.constantFrom(0, 1),
  range,
  seed: fc.nat(),
});

type World = ReturnType<typeof createPhonebookWorld>;
type Value<From> = From extends fc.Arbitrary<infer Of> ? Of : never;

function make(world: World, changed: Value<typeof change>) {
  switch (changed.do) {
    case 'hire':
      return world.hire(changed.user, changed.tag, changed.name);
    case 'fire':
      return world.fire(changed.user);
    case 'marry':
      return world.change(changed.user, { ...WORLD_NAMES[changed.name], tag: changed.tag });
    case 'move':
      return world.move(changed.number, changed.to);
    case 'wait':
      return world.wait(changed.ms);
  }
}

function act(world: World, does: Value<typeof action>): Promise<unknown> {
  switch (does.do) {
    case 'reserve':
      return reserveAndChoose(world, does);
    case 'assign':
      return world.assign({ ...does.choice, reservation: does.reservation });
    case 'release':
      return world.release(does.user, does.pool, does.chaos);
    case 'expire-numbers':
      return world.expireNumbers(does.chaos);
    case 'sync':
      return world.sync(does.sync);
    case 'event':
      return world.event(does.user, does.chaos, does.range);
  }
}

async function reserveAndChoose(world: World, reserving: Value<typeof reserve>): Promise<void> {
  const reservation = await world.reserve(reserving);
  if (reservation && reserving.choice) await world.assign({ ...reserving.choice, reservation });
}

async function play(world: World, plan: Value<typeof story>): Promise<void> {
  const calm = { chaos: CALM, range: plan.range, acceptShrink: true, budgetMs: 900_000 };
  for (const [who, called] of plan.staff.entries()) world.hire(who, undefined, called);
  await world.sync(calm);
  for (const { changes, together } of plan.steps) {
    for (const changed of changes) make(world, changed);
    await Promise.all(together.map((does) => act(world, does)));
    expect([...(await world.findDamage()), ...world.findLostReservations()]).toEqual([]);
  }
  world.settle();
  // Until the lease of the last killed sync has expired.
  world.wait(2 * MINUTE);
  expect(await world.sync(calm)).toMatchObject({ status: 'DONE' });
  expect(await world.findDamage()).toEqual([]);
  expect(await world.findDifference(plan.range)).toEqual([]);

  world.wait(3 * DAY);
  await world.expireNumbers(CALM);
  await world.sync(calm);
  expect(await world.findDamage()).toEqual([]);
  expect(await world.findDifference(plan.range)).toEqual([]);
  expect(await world.findUnreservable()).toEqual([]);
}

test('concurrent reservations, assignments, and releases never give a number two owners and never lose a number', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (plan) => {
      const random = seededRandom(plan.seed);
      const db = memoryDynamoDb(random, () => {
        const damage = findDamage(db.items);
        if (damage.length > 0) throw new Error(damage.join('; '));
      });
      db.catchUp = 0.7;
      await play(createPhonebookWorld(db, plan.quarantineDays, random), plan);
    }),
    propertyRuns(1_000),
  );
});
