import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { FOREIGN, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, type SetupWorld } from '#support/setup-world.ts';

let world: SetupWorld;
beforeEach(() => {
  world = createSetupWorld();
});
const { flowNamed, mainNumber, pointMainNumber, pointMainNumberElsewhere, update, writes } = setupSteps(
  () => world,
);
/** Another number of the instance, which no flow answers. */
const OTHER = SETUP_PROPERTIES.PhoneNumberId.replace(/1$/, '2');
const otherNumber = () => world.state.numbers.get(OTHER);

describe('an update', () => {
  test('points a number that is not wanted any more at its previous flow again', async () => {
    pointMainNumberElsewhere();
    await world.run({});
    await update();
    expect(mainNumber()).toMatchObject({ ContactFlowId: flowNamed('inbound').Id });
    await update({ PhoneNumberId: '' });

    expect(mainNumber()).toMatchObject({ ContactFlowId: FOREIGN.Id });
  });

  test('does not change a previous number that was pointed at another flow', async () => {
    await world.run({});
    const { Id } = flowNamed('extension-transfer');
    pointMainNumber(Id);
    await update({ PhoneNumberId: '' });

    expect(mainNumber()).toMatchObject({ ContactFlowId: Id });
  });

  test('continues when its number was released in Connect, and outputs that', async () => {
    await world.run({});
    world.state.numbers.delete(SETUP_PROPERTIES.PhoneNumberId);
    const { data } = await update({ AgentRingSeconds: '45' });

    expect(data?.PhoneNumber).toMatch(/^not pointed: PhoneNumberId is not a number of the instance any more/);
    expect(flowNamed('agent-queue').Content).toContain('"45"');
  });

  test('continues when the previous number was released in Connect', async () => {
    await world.run({});
    world.state.numbers.delete(SETUP_PROPERTIES.PhoneNumberId);

    expect((await update({ PhoneNumberId: '' })).data?.PhoneNumber).toBe('none');
    expect(world.requests).toContain('BatchGetFlowAssociation');
  });

  test('to a number that does not exist is refused also when the previous one was released', async () => {
    await world.run({});
    world.state.numbers.delete(SETUP_PROPERTIES.PhoneNumberId);
    const PhoneNumberId = '00000000-0000-4000-8000-000000000000';

    await expect(update({ PhoneNumberId })).rejects.toThrow(/PhoneNumberId is not a phone number/);
    expect(writes()).toEqual([]);
  });
});

describe('a number that was pointed at another flow', () => {
  test('stays there, and the outputs name the flow', async () => {
    await world.run({});
    pointMainNumberElsewhere();
    const { data } = await update({ AgentRingSeconds: '45' });

    expect(mainNumber()).toMatchObject({ ContactFlowId: FOREIGN.Id });
    expect(data?.PhoneNumber).toMatch(/^left at the flow foreign \("Another flow"\).*OverwriteFlows=true$/);
  });

  test('is pointed at the inbound flow when it is new to the stack', async () => {
    pointMainNumberElsewhere();
    await world.run({ properties: { ...SETUP_PROPERTIES, PhoneNumberId: '' } });
    await update({}, { PhoneNumberId: '' });

    expect(mainNumber()).toMatchObject({ ContactFlowId: flowNamed('inbound').Id });
  });

  test.each([
    ['OverwriteFlows is true', FOREIGN.Id, { OverwriteFlows: 'true' }],
    ['it points at no flow', undefined, {}],
    ['it points at a flow that is gone', 'gone', {}],
  ])('is pointed at the inbound flow again when %s', async (_, flowId, properties) => {
    await world.run({});
    world.state.flows.put(FOREIGN);
    pointMainNumber(flowId);
    await update(properties);

    expect(mainNumber()).toMatchObject({ ContactFlowId: flowNamed('inbound').Id });
  });
});

describe('the previous flow of a number', () => {
  test('is forgotten after the number was pointed at no flow', async () => {
    pointMainNumberElsewhere();
    await world.run({});
    pointMainNumber(undefined);
    await update();
    await world.run({ type: 'Delete' });

    expect(mainNumber()).not.toHaveProperty('ContactFlowId');
  });

  test('is not given to another number', async () => {
    pointMainNumberElsewhere();
    await world.run({});
    const other = otherNumber();
    // By hand, so that nothing is kept of what it had before.
    if (other) world.state.numbers.put({ ...other, ContactFlowId: flowNamed('inbound').Id });
    await update({ PhoneNumberId: OTHER });
    await world.run({ type: 'Delete', properties: { ...SETUP_PROPERTIES, PhoneNumberId: OTHER } });

    expect(mainNumber()).toMatchObject({ ContactFlowId: FOREIGN.Id });
    expect(otherNumber()).not.toHaveProperty('ContactFlowId');
  });
});
