import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { FOREIGN, REMOVED, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, PHYSICAL_ID, type SetupWorld } from '#support/setup-world.ts';

let world: SetupWorld;
beforeEach(() => {
  world = createSetupWorld();
});
const { change, flowNamed, mainNumber, pointMainNumberElsewhere, update } = setupSteps(() => world);

describe('a removal', () => {
  test('takes back everything the stack made, and nothing else', async () => {
    world.state.lambdas.put(`${SETUP_PROPERTIES.SyncFunctionArn}OfOthers`);
    world.state.flows.put(FOREIGN);
    const before = world.snapshot();
    await world.run({});
    change('agent-queue', { Name: 'Waiting room' });
    const { note } = await world.run({ type: 'Delete' });

    expect(note).toBeUndefined();
    expect(world.snapshot()).toEqual(before);
  });

  test('points the number back at the flow that it had before', async () => {
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
      'may not be used',
      () => world.fault({ operation: 'AssociatePhoneNumberContactFlow', fault: 'access-denied', times: 100 }),
    ],
  ])('points the number at nothing when its former flow %s', async (_, prepare) => {
    pointMainNumberElsewhere();
    await world.run({});
    await prepare();
    const { note } = await world.run({ type: 'Delete' });

    expect(note).toBeUndefined();
    expect(mainNumber()).not.toHaveProperty('ContactFlowId');
  });

  test('does not point the number at a flow of ours', async () => {
    await world.run({});
    const number = mainNumber();
    if (number) world.state.numbers.put({ ...number, ContactFlowId: flowNamed('dial-by-name').Id });
    await update();
    await world.run({ type: 'Delete' });

    expect(world.snapshot()).toMatchObject(REMOVED);
  });

  test('works when the number was given back in Connect', async () => {
    await world.run({});
    world.state.numbers.delete(SETUP_PROPERTIES.PhoneNumberId);

    expect((await world.run({ type: 'Delete' })).note).toBeUndefined();
    expect(world.snapshot()).toMatchObject(REMOVED);
  });

  test('works a second time, and where nothing was made', async () => {
    await world.run({});
    await world.run({ type: 'Delete' });

    expect((await world.run({ type: 'Delete' })).note).toBeUndefined();
    expect((await world.run({ type: 'Delete', physicalId: 'connect-setup-1' })).note).toMatch(
      /Nothing was set up/,
    );
  });

  test('leaves a number that somebody pointed elsewhere', async () => {
    await world.run({});
    world.state.flows.put(FOREIGN);
    const number = mainNumber();
    if (number) world.state.numbers.put({ ...number, ContactFlowId: FOREIGN.Id });
    await world.run({ type: 'Delete' });

    expect(mainNumber()).toMatchObject({ ContactFlowId: FOREIGN.Id });
    expect(world.state.flows.all()).toEqual([FOREIGN]);
  });

  test('names the flow that a number of somebody else still points at, and removes the rest', async () => {
    await world.run({ properties: { ...SETUP_PROPERTIES, PhoneNumberId: '' } });
    const number = mainNumber();
    if (number) world.state.numbers.put({ ...number, ContactFlowId: flowNamed('inbound').Id });
    const { note } = await world.run({
      type: 'Delete',
      properties: { ...SETUP_PROPERTIES, PhoneNumberId: '' },
    });

    expect(note).toBe('Left in Amazon Connect, remove by hand: the flow "switchboard inbound".');
    expect(world.state.flows.all()).toMatchObject([{ Name: 'switchboard inbound' }]);
    expect(world.state.lambdas.all()).toEqual([]);
  });

  test.each([
    ['Region', 'eu-central-1', 'us-east-1'],
    ['account', '111122223333', '999999999999'],
  ])('asks nobody about an instance of another %s, in which nothing was made', async (_, here, there) => {
    const { note } = await world.run({ type: 'Delete', physicalId: PHYSICAL_ID.replace(here, there) });

    expect(note).toMatch(/Nothing was set up/);
    expect(world.requests).toEqual([]);
  });

  test('works when the instance is gone', async () => {
    const physicalId = `${SETUP_PROPERTIES.ConnectInstanceArn.replace(/1$/, '2')}/switchboard/switchboard`;

    expect((await world.run({ type: 'Delete', physicalId })).note).toMatch(/does not exist any more/);
  });

  test('works when Connect keeps failing: it gives up soon, and says what is left', async () => {
    await world.run({});
    world.fault({ operation: '*', fault: '500', times: 1000 });
    const { note } = await world.run({ type: 'Delete' });

    expect(note).toMatch(/^Left in Amazon Connect, remove by hand: the flows of switchboard, the functions'/);
    expect(world.requests).toHaveLength(6);
  });

  test('works with little time, and says what is left', async () => {
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
  ])('works without the rights for %s, and says what is left', async (operation) => {
    await world.run({});
    world.fault({ operation, fault: 'access-denied', times: 100 });

    expect((await world.run({ type: 'Delete' })).note).toMatch(/^Left in Amazon Connect/);
  });
});
