import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { REMOVED, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, type SetupWorld } from '#support/setup-world.ts';

// Hashing is most of the work of a run, and the runs hash the same contents.
jest.mock('#core/deployment/flow-content.ts', () => {
  const { hashFlowContent } = jest.requireActual('#core/deployment/flow-content.ts');
  const hashes = new Map<string, string>();
  return {
    hashFlowContent(content: string): string {
      const hash = hashes.get(content) ?? hashFlowContent(content);
      hashes.set(content, hash);
      return hash;
    },
  };
});

let world: SetupWorld;
beforeEach(async () => {
  world = createSetupWorld();
  await world.run({});
});
const { update, writes } = setupSteps(() => world);

/**
 * Every state in which a killed process can leave the instance: no request arrived, or only the first ones did. A process
 * that is killed before its next request leaves the same state as one that is killed when its last request arrived.
 */
const interruptions = (requests: number) =>
  Array.from({ length: requests + 1 }, (_, arrived) =>
    arrived === 0 ? { killAt: 1, arrives: false } : { killAt: arrived, arrives: true },
  );

describe('killed at any request', () => {
  test('a Create continues, and can be deleted', async () => {
    const whole = world.snapshot();

    for (const kill of interruptions(world.requests.length)) {
      const other = createSetupWorld();
      await expect(other.run({}, kill)).rejects.toThrow('The process was killed.');
      const deleted = createSetupWorld(other);
      const { note } = await deleted.run({ type: 'Delete' });
      expect([kill, note, deleted.snapshot()]).toEqual([kill, undefined, expect.objectContaining(REMOVED)]);
      await other.run({});
      expect([kill, other.snapshot()]).toEqual([kill, whole]);
    }
  });

  test('an Update continues', async () => {
    const created = createSetupWorld(world);
    const properties = { ...SETUP_PROPERTIES, AgentRingSeconds: '45', VipQueue: 'VIP' };
    const request = { type: 'Update', properties, oldProperties: SETUP_PROPERTIES } as const;
    await world.run(request);
    const whole = world.snapshot();

    for (const kill of interruptions(world.requests.length)) {
      const other = createSetupWorld(created);
      await expect(other.run(request, kill)).rejects.toThrow('The process was killed.');
      expect((await other.run(request)).data?.FlowsKept).toBe('none');
      expect([kill, other.snapshot()]).toEqual([kill, whole]);
    }
  });

  test('a Delete continues', async () => {
    const created = createSetupWorld(world);
    await world.run({ type: 'Delete' });

    for (const kill of interruptions(world.requests.length)) {
      const other = createSetupWorld(created);
      await other.run({ type: 'Delete' }, kill);
      const { note } = await other.run({ type: 'Delete' });
      expect([kill, note, other.snapshot()]).toEqual([kill, undefined, expect.objectContaining(REMOVED)]);
    }
  });
});

test('two runs at once create one set of flows', async () => {
  const alone = world.snapshot();
  world = createSetupWorld();
  await Promise.all([world.run({}), world.run({})]);

  expect(world.snapshot()).toEqual(alone);
  expect((await update()).data?.FlowsKept).toBe('none');
  expect(writes()).toEqual([]);
});
