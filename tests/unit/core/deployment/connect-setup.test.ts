import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { edited, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, type SetupWorld } from '#support/setup-world.ts';

const TITLES = ['agent-queue', 'dial-by-name', 'extension-transfer', 'inbound'].map(
  (name) => `switchboard ${name}`,
);

let world: SetupWorld;
beforeEach(() => {
  world = createSetupWorld();
});
const { change, flowNamed, mainNumber, pointMainNumberElsewhere, update, writes } = setupSteps(() => world);

describe('a new stack', () => {
  test('gets its functions, its flows, its number, and its first sync', async () => {
    const { physicalId, data } = await world.run({});

    expect(
      world.state.flows
        .all()
        .map(({ Name }) => Name)
        .sort(),
    ).toEqual(TITLES);
    expect(world.state.lambdas.all()).toEqual(Object.values(SETUP_PROPERTIES.Functions));
    expect(mainNumber()).toMatchObject({ ContactFlowId: flowNamed('inbound').Id });
    expect(world.started).toEqual([SETUP_PROPERTIES.SyncFunctionArn]);
    expect(physicalId).toBe(`${SETUP_PROPERTIES.ConnectInstanceArn}/switchboard/switchboard`);
    expect(data).toEqual({
      InboundFlowArn: flowNamed('inbound').Arn,
      InboundFlowName: 'switchboard inbound',
      FlowsKept: 'none',
      FlowsRevision: expect.stringMatching(/^[0-9a-f]{16}$/),
      PhoneNumber: 'points at the inbound flow now; it pointed at none',
      FirstSync: 'started',
    });
  });

  test('stays within its share of the burst of each operation', async () => {
    await world.run({});

    const counts = Map.groupBy(world.requests, (operation) => operation);
    expect([...counts].filter(([, { length }]) => length > 4)).toEqual([]);
  });

  test('finds the queues by name, ID, or ARN', async () => {
    const [basic, vip] = world.state.queues;
    await world.run({ properties: { ...SETUP_PROPERTIES, OperatorQueue: 'vip', VipQueue: basic?.Id } });

    expect(flowNamed('agent-queue').Content).toContain(vip?.Arn);
    expect(flowNamed('inbound').Content).toContain(basic?.Arn);
  });

  test.each([
    [{ OperatorQueue: 'Missing' }, /OperatorQueue is not a queue.*BasicQueue, VIP/],
    [{ VipQueue: 'Missing' }, /VipQueue is not a queue/],
    [{ PhoneNumberId: '00000000-0000-4000-8000-000000000000' }, /PhoneNumberId is not a phone number/],
  ])('with %j is refused before it changes anything', async (wrong, reason) => {
    await expect(world.run({ properties: { ...SETUP_PROPERTIES, ...wrong } })).rejects.toThrow(reason);

    expect(writes()).toEqual([]);
  });

  test('outputs the flow that its number pointed at before', async () => {
    pointMainNumberElsewhere();

    const { data } = await world.run({});
    expect(data?.PhoneNumber).toBe('points at the inbound flow now; it pointed at the flow foreign');
  });

  test('is refused when another flow has the name of its flow, and changes nothing', async () => {
    await world.run({});
    change('dial-by-name', { Tags: { 'switchboard:stack': 'other', 'switchboard:flow': 'dial-by-name' } });

    await expect(world.run({})).rejects.toThrow(
      /"switchboard dial-by-name" already.*Rename it.*another name/,
    );
    expect(writes()).toEqual([]);
  });
});

describe('an update', () => {
  test('writes nothing when nothing has changed', async () => {
    await world.run({});
    const before = world.snapshot();
    const { data } = await update();

    expect(writes()).toEqual([]);
    expect(world.snapshot()).toEqual(before);
    expect(data?.PhoneNumber).toBe('points at the inbound flow');
  });

  test('writes only the flows that a changed parameter affects', async () => {
    await world.run({});
    const { Id } = flowNamed('agent-queue');
    await update({ AgentRingSeconds: '45' });

    expect(writes()).toEqual(['TagResource', 'UpdateContactFlowContent', 'TagResource']);
    expect(flowNamed('agent-queue')).toMatchObject({ Id, Content: expect.stringContaining('"45"') });
  });

  test('keeps a flow that was changed by hand, and outputs it, until OverwriteFlows is true', async () => {
    await world.run({});
    const shipped = world.snapshot();
    change('inbound', { Content: edited(flowNamed('inbound').Content) });
    const byHand = flowNamed('inbound').Content;

    const { data } = await update();
    expect(data?.FlowsKept).toMatch(/^switchboard inbound: changed by hand.*OverwriteFlows=true/);
    expect(flowNamed('inbound').Content).toBe(byHand);

    const { data: after } = await update({ OverwriteFlows: 'true' });
    expect(after?.FlowsKept).toBe('none');
    expect(world.snapshot()).toEqual(shipped);
  });

  test('ignores moved blocks', async () => {
    await world.run({});
    const content = {
      Metadata: { entryPointPosition: { x: 1, y: 2 } },
      ...JSON.parse(flowNamed('inbound').Content),
    };
    change('inbound', { Content: JSON.stringify(content, null, 2) });

    expect((await update()).data?.FlowsKept).toBe('none');
    expect(writes()).toEqual([]);
  });

  test('creates a deleted flow again, and finds a renamed one', async () => {
    await world.run({});
    const { Id } = flowNamed('agent-queue');
    world.state.flows.delete(flowNamed('dial-by-name').Id);
    change('agent-queue', { Name: 'Waiting room' });
    await update();

    expect(flowNamed('dial-by-name')).toBeDefined();
    expect(world.state.flows.all().filter(({ Type }) => Type === 'CUSTOMER_QUEUE')).toMatchObject([
      { Id, Name: 'Waiting room' },
    ]);
  });

  test('releases a number and a function that are not wanted any more', async () => {
    const OldFunctions = {
      ...SETUP_PROPERTIES.Functions,
      FormerFunctionArn: `${SETUP_PROPERTIES.SyncFunctionArn}Old`,
    };
    await world.run({});
    world.state.lambdas.put(OldFunctions.FormerFunctionArn);
    await update({ PhoneNumberId: '' }, { Functions: OldFunctions });

    expect(mainNumber()).not.toHaveProperty('ContactFlowId');
    expect(world.state.lambdas.all()).toEqual(Object.values(SETUP_PROPERTIES.Functions));
  });

  test.each(['OperatorQueue', 'VipQueue'])('is refused with advice when its %s was deleted', async (name) => {
    const wanted = { [name]: 'VIP' };
    await world.run({ properties: { ...SETUP_PROPERTIES, ...wanted } });
    world.state.queues.splice(1, 1);

    await expect(update(wanted, wanted)).rejects.toThrow(
      new RegExp(
        `^${name} is not a queue.*There are BasicQueue.*renamed or deleted .* restore its name there`,
      ),
    );
    expect(writes()).toEqual([]);
  });

  test('to an instance that does not exist is refused, and does not change the previous instance', async () => {
    await world.run({});
    const before = world.snapshot();
    const ConnectInstanceArn = SETUP_PROPERTIES.ConnectInstanceArn.replace(/1$/, '2');

    await expect(update({ ConnectInstanceArn })).rejects.toThrow(/does not exist in this account and Region/);
    expect(world.snapshot()).toEqual(before);
  });
});
