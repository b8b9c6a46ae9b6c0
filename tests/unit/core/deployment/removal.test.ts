import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { FOREIGN, REMOVED, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, PHYSICAL_ID, type SetupWorld } from '#support/setup-world.ts';

let world: SetupWorld;
beforeEach(() => {
  world = createSetupWorld();
});
const { change, flowNamed, mainNumber, pointMainNumber, pointMainNumberElsewhere, update } = setupSteps(
  () => world,
);

describe('a removal', () => {
  test('removes everything that the stack created, and nothing else', async () => {
    world.state.lambdas.put(`${SETUP_PROPERTIES.SyncFunctionArn}OfOthers`);
    world.state.flows.put(FOREIGN);
    const before = world.snapshot();
    await world.run({});
    change('agent-queue', { Name: 'Waiting room' });
    const { note } = await world.run({ type: 'Delete' });

    expect(note).toBeUndefined();
    expect(world.snapshot()).toEqual(before);
  });

  test('points the number at its previous flow again', async () => {
    pointMainNumberElsewhere();
    const before = world.snapshot();
    await world.run({});
    const { note } = await world.run({ type: 'Delete' });

    expect(note).toBeUndefined();
    expect(world.snapshot()).toEqual(before);
  });

  test.each([
    ['is gone', () => world.state.flows.delete(FOREIGN.Id)],
    [
      'is denied',
      () => world.fault({ operation: 'AssociatePhoneNumberContactFlow', fault: 'access-denied', times: 100 }),
    ],
  ])('points the number at no flow when its previous flow %s', async (_, prepare) => {
    pointMainNumberElsewhere();
    await world.run({});
    await prepare();
    const { note } = await world.run({ type: 'Delete' });

    expect(note).toBeUndefined();
    expect(mainNumber()).not.toHaveProperty('ContactFlowId');
  });

  test('does not point the number at a flow of the stack', async () => {
    await world.run({});
    pointMainNumber(flowNamed('dial-by-name').Id);
    await update();
    await world.run({ type: 'Delete' });

    expect(world.snapshot()).toMatchObject(REMOVED);
  });

  test('succeeds when the number was released in Connect', async () => {
    await world.run({});
    world.state.numbers.delete(SETUP_PROPERTIES.PhoneNumberId);

    expect((await world.run({ type: 'Delete' })).note).toBeUndefined();
    expect(world.snapshot()).toMatchObject(REMOVED);
  });

  test('succeeds a second time, and where nothing was set up', async () => {
    await world.run({});
    await world.run({ type: 'Delete' });

    expect((await world.run({ type: 'Delete' })).note).toBeUndefined();
    expect((await world.run({ type: 'Delete', physicalId: 'connect-setup-1' })).note).toMatch(
      /Nothing was set up/,
    );
  });

  test('does not change a number that was pointed at another flow', async () => {
    await world.run({});
    pointMainNumberElsewhere();
    await world.run({ type: 'Delete' });

    expect(mainNumber()).toMatchObject({ ContactFlowId: FOREIGN.Id });
    expect(world.state.flows.all()).toEqual([FOREIGN]);
  });

  test('names the flow that another number points at, and removes the rest', async () => {
    const properties = { ...SETUP_PROPERTIES, PhoneNumberId: '' };
    await world.run({ properties });
    pointMainNumber(flowNamed('inbound').Id);
    const { note } = await world.run({ type: 'Delete', properties });

    expect(note).toBe('Left in Amazon Connect, remove by hand: the flow "switchboard inbound".');
    expect(world.state.flows.all()).toMatchObject([{ Name: 'switchboard inbound' }]);
    expect(world.state.lambdas.all()).toEqual([]);
  });

  test.each([
    ['Region', 'eu-central-1', 'us-east-1'],
    ['account', '111122223333', '999999999999'],
  ])(
    'sends no request about an instance of another %s, in which nothing was set up',
    async (_, here, there) => {
      const { note } = await world.run({ type: 'Delete', physicalId: PHYSICAL_ID.replace(here, there) });

      expect(note).toMatch(/Nothing was set up/);
      expect(world.requests).toEqual([]);
    },
  );

  test('succeeds soon when Connect keeps failing, and names what remains', async () => {
    await world.run({});
    world.fault({ operation: '*', fault: '500', times: 1000 });
    const { note } = await world.run({ type: 'Delete' });

    expect(note).toMatch(/^Left in Amazon Connect, remove by hand: the flows of switchboard, the functions'/);
    expect(world.requests).toHaveLength(6);
  });

  test('succeeds with little time, and names what remains', async () => {
    await world.run({});
    world.fault({ operation: 'DeleteContactFlow', fault: '429', times: 3 });
    const { note } = await world.run({ type: 'Delete' }, { budgetMs: 1_500 });

    expect(note).toMatch(/the flow "switchboard inbound", the flow "switchboard dial-by-name"/);
    await world.run({ type: 'Delete' });
    expect(world.snapshot()).toMatchObject(REMOVED);
  });

  test.each([
    'ListContactFlows',
    'SearchContactFlows',
    'DescribeContactFlow',
    'DeleteContactFlow',
    'BatchGetFlowAssociation',
    'DisassociatePhoneNumberContactFlow',
    'ListLambdaFunctions',
    'DisassociateLambdaFunction',
  ])('succeeds without the rights for %s, and names what remains', async (operation) => {
    await world.run({});
    world.fault({ operation, fault: 'access-denied', times: 100 });

    expect((await world.run({ type: 'Delete' })).note).toMatch(/^Left in Amazon Connect/);
  });
});
