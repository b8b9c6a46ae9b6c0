import { FOREIGN, OPERATIONS, REMOVED, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, type SetupWorld } from '#support/setup-world.ts';

let world: SetupWorld;
beforeEach(() => {
  world = createSetupWorld();
});
const { mainNumber } = setupSteps(() => world);

describe('what Connect refuses', () => {
  test.each(OPERATIONS)('missing rights for %s are named, and the removal succeeds', async (operation) => {
    world.fault({ operation, fault: 'access-denied', times: 100 });

    await expect(world.run({})).rejects.toThrow(new RegExp(`^Missing rights: .*connect:${operation}`));
    world.clearFaults();
    await world.run({ type: 'Delete' });
    expect(world.snapshot()).toMatchObject(REMOVED);
  });

  test('rights that AWS applies late are waited for', async () => {
    world.fault({ operation: 'ListQueues', fault: 'access-denied', times: 3 });

    await expect(world.run({})).resolves.toHaveProperty('data.FlowsKept', 'none');
  });

  test.each(OPERATIONS)('a throttled or failing %s is sent again', async (operation) => {
    world.fault({ operation, fault: '429', times: 2 });
    world.fault({ operation, fault: '500', times: 2 });
    await world.run({});

    expect(world.state.flows.all()).toHaveLength(4);
    expect(mainNumber()).toHaveProperty('ContactFlowId');
  });

  test('an instance with its quota of flows is named', async () => {
    const full = { ...FOREIGN, Tags: {} };
    for (let i = 0; i < 98; i += 1) world.state.flows.put({ ...full, Id: `${i}`, Name: `flow ${i}` });

    await expect(world.run({})).rejects.toThrow(/reached a quota.*CreateContactFlow/);
    await world.run({ type: 'Delete' });
    expect(world.state.flows.all()).toHaveLength(98);
  });

  test('a Connect that keeps failing is named in time', async () => {
    world.fault({ operation: '*', fault: '500', times: 1000 });

    await expect(world.run({})).rejects.toThrow(
      /did not answer DescribeInstance \(InternalServiceException\)/,
    );
    expect(world.requests).toHaveLength(6);
  });

  test('no request starts in the last tenth of the time, because its answer may be slow', async () => {
    // The fifth wait would end after 18.75 seconds.
    world.fault({ operation: 'CreateContactFlow', fault: '429', times: 5 });

    await expect(world.run({}, { budgetMs: 20_000 })).rejects.toThrow(/not enough time/);
  });

  test('time that runs out is named, and the next attempt continues', async () => {
    world.fault({ operation: 'CreateContactFlow', fault: '429', times: 3 });
    await expect(world.run({}, { budgetMs: 2_000 })).rejects.toThrow(/not enough time for CreateContactFlow/);
    await world.run({});

    expect(world.state.flows.all()).toHaveLength(4);
  });
});
