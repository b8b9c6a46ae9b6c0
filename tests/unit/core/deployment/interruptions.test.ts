import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { REMOVED, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, type SetupWorld } from '#support/setup-world.ts';

let world: SetupWorld;
beforeEach(() => {
  world = createSetupWorld();
});
const { update, writes } = setupSteps(() => world);

describe('killed at any request', () => {
  test.each([false, true])('a Create continues (the last request arrived: %s)', async (arrives) => {
    await world.run({});
    const whole = world.snapshot();
    const requests = world.requests.length;

    for (let killAt = 1; killAt <= requests; killAt += 1) {
      const other = createSetupWorld();
      await expect(other.run({}, { killAt, arrives })).rejects.toThrow('The process was killed.');
      await other.run({});
      expect([killAt, other.snapshot()]).toEqual([killAt, whole]);
    }
  });

  test.each([false, true])('a Create can be deleted (the last request arrived: %s)', async (arrives) => {
    await world.run({});
    const requests = world.requests.length;

    for (let killAt = 1; killAt <= requests; killAt += 1) {
      const other = createSetupWorld();
      await expect(other.run({}, { killAt, arrives })).rejects.toThrow();
      const { note } = await other.run({ type: 'Delete' });
      expect([killAt, note, other.snapshot()]).toEqual([killAt, undefined, expect.objectContaining(REMOVED)]);
    }
  });

  test.each([false, true])('an Update continues (the last request arrived: %s)', async (arrives) => {
    const changed = { ...SETUP_PROPERTIES, AgentRingSeconds: '45', VipQueue: 'VIP' };
    await world.run({});
    await update(changed);
    const [whole, requests] = [world.snapshot(), world.requests.length];

    for (let killAt = 1; killAt <= requests; killAt += 1) {
      const other = createSetupWorld();
      await other.run({});
      const request = { type: 'Update', properties: changed, oldProperties: SETUP_PROPERTIES } as const;
      await expect(other.run(request, { killAt, arrives })).rejects.toThrow();
      expect((await other.run(request)).data?.FlowsKept).toBe('none');
      expect([killAt, other.snapshot()]).toEqual([killAt, whole]);
    }
  });

  test.each([false, true])('a Delete continues (the last request arrived: %s)', async (arrives) => {
    await world.run({});
    await world.run({ type: 'Delete' });
    const requests = world.requests.length;

    for (let killAt = 1; killAt <= requests; killAt += 1) {
      const other = createSetupWorld();
      await other.run({});
      await other.run({ type: 'Delete' }, { killAt, arrives });
      const { note } = await other.run({ type: 'Delete' });
      expect([killAt, note, other.snapshot()]).toEqual([killAt, undefined, expect.objectContaining(REMOVED)]);
    }
  });
});

test('two runs at once create one set of flows', async () => {
  await Promise.all([world.run({}), world.run({})]);
  const both = world.snapshot();
  const alone = createSetupWorld();
  await alone.run({});

  expect(both).toEqual(alone.snapshot());
  expect((await update()).data?.FlowsKept).toBe('none');
  expect(writes()).toEqual([]);
});
