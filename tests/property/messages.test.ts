import fc from 'fast-check';
import { type Chaos, seededRandom } from '#support/chaos.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createMessageWorld, PROVIDER, type ProviderMode, UNDISTURBED } from '#support/message-world.ts';
import { PROPERTY_TIMEOUT_MS, propertyRuns } from '#support/property.ts';
import { engineStore } from '#support/sync-world.ts';
import { freshTables } from '#support/tables.ts';
import { virtualClock } from '#support/virtual-clock.ts';

/*
 * Messages are accepted under faults. Dispatchers are killed at any request to DynamoDB or to the provider, before or after
 * it arrives. Stream records come twice, late, in any order, or never. Two dispatchers work on one lane. The provider
 * accepts, refuses, throttles, and loses requests and responses. Recipients opt out, and operators resend messages at the
 * same time. Time passes, also during a dispatch, on clocks that differ and are set back. Most runs use a DynamoDB in
 * memory, some use the engine of the tests.
 */

jest.setTimeout(PROPERTY_TIMEOUT_MS);

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type World = ReturnType<typeof createMessageWorld>;

const recipient = fc.nat({ max: 2 });
const chaos: fc.Arbitrary<Chaos> = fc
  .record({
    killAt: fc.option(fc.nat(25), { nil: -1, freq: 2 }),
    side: fc.constantFrom('before' as const, 'after' as const),
    faults: fc.constantFrom(0, 0, 3, 10),
  })
  .map(({ killAt, ...rest }) => (killAt < 0 ? rest : { ...rest, killAt }));
const quiet = fc.option(fc.constant({ from: '21:00', until: '08:00' }), { nil: undefined, freq: 4 });

/** Actions that may happen at the same time. */
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('accept' as const), recipient, quiet }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      places: fc.array(fc.nat(19), { minLength: 1, maxLength: 4 }),
      chaos,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('dispatch' as const), drains: fc.boolean(), chaos }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resend' as const), choice: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('opt' as const),
      recipient,
      state: fc.constantFrom('OPTED_OUT' as const, 'OPTED_IN' as const),
    }),
  },
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('together' as const),
      acts: fc.array(act, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('provider' as const),
      mode: fc.constantFrom(...(Object.keys(PROVIDER) as ProviderMode[])),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1_000, 30_000, MINUTE, 3 * MINUTE, 20 * MINUTE, 8 * 60 * MINUTE, DAY),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('stall' as const), ms: fc.constantFrom(0, 40_000, 4 * MINUTE) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('skew' as const), ms: fc.constantFrom(0, 1_000, 15_000) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

function perform(world: World, one: Act): Promise<unknown> {
  switch (one.do) {
    case 'accept':
      return world.accept(one.recipient, one.quiet ? { quiet: one.quiet } : {});
    case 'deliver':
      return world.deliver(one.places, one.chaos);
    case 'dispatch':
      return one.drains ? world.drainDue(one.chaos) : world.dispatchDue(one.chaos);
    case 'resend':
      return world.resend(one.choice);
    case 'opt':
      return world.optOut(one.recipient, one.state);
  }
}

async function take(world: World, one: Step): Promise<void> {
  switch (one.do) {
    case 'together':
      await Promise.all(one.acts.map((each) => perform(world, each)));
      break;
    case 'provider':
      world.provider = one.mode;
      break;
    case 'wait':
      world.clock.advance(one.ms);
      break;
    case 'stall':
      world.stall = one.ms;
      break;
    case 'skew':
      world.skew = one.ms;
      break;
  }
}

const steps = fc.array(step, { minLength: 1, maxLength: 14 });

async function live(world: World, all: readonly Step[]): Promise<void> {
  await world.begin();
  for (const one of all) {
    await take(world, one);
    expect(world.damage()).toEqual([]);
  }
  await world.finishAll();
  expect(world.damage()).toEqual([]);
  expect(await world.wrongEnds()).toEqual([]);
}

it('never sends twice, keeps the order of each recipient, and ends every message, under all faults', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (all, seed) => {
      const random = seededRandom(seed);
      const db = memoryDynamoDb(random);
      db.catchUp = 0.7;
      db.itemsBehind = true;
      await live(createMessageWorld({ client: db.client, random }), all);
    }),
    propertyRuns(400),
  );
});

it('survives a kill at each request, for every behavior of the provider', async () => {
  for (const mode of Object.keys(PROVIDER) as ProviderMode[]) {
    for (const side of ['before', 'after'] as const) {
      for (let killAt = 0, killed = true; killed; killAt += 1) {
        const world = createMessageWorld({ client: memoryDynamoDb(() => 0).client, random: () => 0.5 });
        await world.begin();
        for (const one of [0, 0, 1]) await world.accept(one);
        world.provider = mode;
        await world.deliver([0, 1, 2], { killAt, side, faults: 0 });
        killed = world.requests > killAt;
        await world.finishAll();
        expect({ mode, side, killAt, damage: world.damage(), ends: await world.wrongEnds() }).toEqual({
          ...{ mode, side, killAt },
          damage: [],
          ends: [],
        });
        if (!killed && mode === 'takes') expect(world.deliveries).toHaveLength(3);
      }
    }
  }
});

it('never sends one key twice, for repeated and concurrent requests, while dispatchers are killed', async () => {
  const asked = fc.record({ do: fc.constant('ask' as const), key: fc.nat(4), chaos });
  const dispatched = fc.record({
    do: fc.constant('deliver' as const),
    places: fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }),
    chaos,
  });
  const rounds = fc.array(
    fc.array(fc.oneof({ weight: 3, arbitrary: asked }, dispatched), { minLength: 1, maxLength: 8 }),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(rounds, fc.nat(), async (all, seed) => {
      const random = seededRandom(seed);
      const world = createMessageWorld({ client: memoryDynamoDb(random).client, random });
      await world.begin();
      const ids = new Map<number, Set<string>>();
      const ask = async (key: number, disturbed?: Chaos) => {
        const messageId = await world.acceptKey(key, disturbed);
        if (messageId) ids.set(key, (ids.get(key) ?? new Set()).add(messageId));
      };
      for (const round of all) {
        await Promise.all(
          round.map((one) =>
            one.do === 'ask' ? ask(one.key, one.chaos) : world.deliver(one.places, one.chaos),
          ),
        );
      }
      // Clients without a response retry, also a week later.
      for (let key = 0; key <= 4; key += 1) await ask(key);
      world.clock.advance(7 * DAY);
      for (let key = 0; key <= 4; key += 1) await ask(key);
      await world.finishAll();

      expect([...ids.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1, 1]);
      const contents = world.deliveries.map(({ content }) => content);
      expect(contents).toEqual([...new Set(contents)]);
      expect(await world.wrongEnds()).toEqual([]);
    }),
    propertyRuns(100),
  );
});

it('never sends twice on the engine of the tests', async () => {
  const tables = await freshTables();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (all, seed) => {
      runs += 1;
      const { client } = engineStore(tables.client, tables.messages, `run-${runs}-`);
      const idempotency = { client: tables.client, table: tables.idempotency };
      await live(createMessageWorld({ client, random: seededRandom(seed), idempotency }), all);
    }),
    propertyRuns(10),
  );
});

it('sends what a batch of the stream leaves without the scheduled run', async () => {
  const text = fc.record({ after: fc.nat(20_000), recipient, segments: fc.integer({ min: 1, max: 4 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 12 }), fc.nat(), async (texts, seed) => {
      const random = seededRandom(seed);
      const clock = virtualClock();
      const world = createMessageWorld({
        client: memoryDynamoDb(random).client,
        random,
        perSecond: 1,
        clock,
      });
      await world.begin();
      world.drainsOnWakeUp = true;
      const startedAt = clock.now();
      await Promise.all(
        texts.map(async ({ after, recipient: one, segments }) => {
          await clock.sleep(after);
          await world.deliver([await world.accept(one, { segments })], UNDISTURBED);
        }),
      );
      await world.drainWakeUps();

      expect((await world.messages()).map(({ status }) => status.state)).toEqual(texts.map(() => 'SENT'));
      expect(world.damage()).toEqual([]);
      // The last text, the slots of all texts, and the time between two passes.
      const turns = texts.reduce((sum, { segments }) => sum + segments * 1_000, 0);
      const last = Math.max(...texts.map(({ after }) => after));
      expect(Math.max(...world.deliveries.map(({ at }) => at)) - startedAt).toBeLessThan(
        last + 2 * turns + 5_000,
      );
    }),
    propertyRuns(50),
  );
});

it('sends every message once when only the stream loses and repeats records', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(recipient, { minLength: 1, maxLength: 12 }),
      fc.array(fc.array(fc.nat(11), { minLength: 1, maxLength: 5 }), { maxLength: 6 }),
      fc.nat(),
      async (recipients, batches, seed) => {
        const random = seededRandom(seed);
        const world = createMessageWorld({ client: memoryDynamoDb(random).client, random });
        await world.begin();
        const accepting = async () => {
          for (const one of recipients) await world.accept(one);
        };
        await Promise.all([accepting(), ...batches.map((places) => world.deliver(places, UNDISTURBED))]);
        await world.finishAll();
        expect(world.damage()).toEqual([]);
        expect((await world.messages()).map(({ status }) => status.state)).toEqual(
          recipients.map(() => 'SENT'),
        );
        expect(world.deliveries).toHaveLength(recipients.length);
      },
    ),
    propertyRuns(100),
  );
});
