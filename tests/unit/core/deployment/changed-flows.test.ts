import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { edited, REMOVED, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, type SetupWorld } from '#support/setup-world.ts';

// Flows that a person copied, renamed, or did not finish, and a Connect that shows writes late.
let world: SetupWorld;
beforeEach(() => {
  world = createSetupWorld();
});
const { change, copy, flowNamed, flowOfId, mainNumber, update, writes } = setupSteps(() => world);

describe('a Connect that shows changes late', () => {
  test('does not create a new flow twice', async () => {
    const { data } = await world.run({}, { lagMs: 1_500 });

    expect(data?.FlowsKept).toBe('none');
    expect(writes().filter((operation) => operation === 'CreateContactFlow')).toHaveLength(4);
  });

  test('does not make an update look like a change by hand', async () => {
    await world.run({});
    await update({ AgentRingSeconds: '45' }, {}, { lagMs: 1_500 });

    const { data } = await update({ AgentRingSeconds: '50' });
    expect(data?.FlowsKept).toBe('none');
    expect(flowNamed('agent-queue').Content).toContain('"50"');
  });
});

describe('a copy that a person made, with the tags of the original', () => {
  test('stays when the stack is deleted', async () => {
    await world.run({});
    const kept = copy('inbound', { Name: 'Our holidays' });
    const { note } = await world.run({ type: 'Delete' });

    expect(note).toBeUndefined();
    expect(world.state.flows.all()).toEqual([kept]);
  });

  test('is not updated, and does not get the number, when the original was renamed', async () => {
    await world.run({});
    const { Id } = flowNamed('inbound');
    change('inbound', { Name: 'Main line' });
    const kept = copy(Id, { Name: 'Our holidays' });
    await update({ DefaultLanguage: 'de' });

    expect(flowOfId(kept.Id)).toEqual(kept);
    expect(mainNumber()).toMatchObject({ ContactFlowId: Id });
  });

  test('may be a flow that was never published', async () => {
    await world.run({});
    const kept = copy('inbound', { Name: 'Our holidays', Status: 'SAVED' });

    expect((await update({ DefaultLanguage: 'de' })).data?.FlowsKept).toBe('none');
    expect(flowOfId(kept.Id)).toEqual(kept);
  });

  test('is recognized by the name of the original when that has no ID tag, and the original gets one', async () => {
    await world.run({});
    const { Id, Tags } = flowNamed('inbound');
    const { 'switchboard:id': _, ...old } = Tags;
    change('inbound', { Tags: old });
    const kept = copy('inbound', { Name: 'Our holidays' });
    await update();

    expect(flowOfId(Id)).toMatchObject({ Tags });
    expect(flowOfId(kept.Id)).toEqual(kept);
    expect(mainNumber()).toMatchObject({ ContactFlowId: Id });
  });
});

test('a change that was saved and not published is kept until OverwriteFlows is true', async () => {
  await world.run({});
  const { Content } = flowNamed('agent-queue');
  const SavedContent = edited(Content);
  change('agent-queue', { SavedContent });

  const { data } = await update({ AgentRingSeconds: '45' });
  expect(data?.FlowsKept).toMatch(/^switchboard agent-queue: changed by hand/);
  expect(flowNamed('agent-queue')).toMatchObject({ Content, SavedContent });

  const { data: after } = await update({ AgentRingSeconds: '45', OverwriteFlows: 'true' });
  expect(after?.FlowsKept).toBe('none');
  expect(flowNamed('agent-queue')).not.toHaveProperty('SavedContent');
});

test('another flow takes a name even when it was never published', async () => {
  await world.run({});
  change('dial-by-name', { Status: 'SAVED', Tags: {} });

  await expect(update()).rejects.toThrow(/"switchboard dial-by-name" already/);
});

test('the outputs name the flows by their present names', async () => {
  await world.run({});
  change('inbound', { Name: 'Main line', Content: edited(flowNamed('inbound').Content) });
  const { data } = await update();

  expect(data).toMatchObject({
    InboundFlowName: 'Main line',
    FlowsKept: expect.stringMatching(/^Main line: changed by hand/),
  });
});

test('a previous function stays associated while a kept flow names it, and the outputs list it', async () => {
  const { CallerLookupFunctionArn, FlowSmsFunctionArn } = SETUP_PROPERTIES.Functions;
  const Functions = {
    ...SETUP_PROPERTIES.Functions,
    CallerLookupFunctionArn: `${CallerLookupFunctionArn}Old`,
    FlowSmsFunctionArn: `${FlowSmsFunctionArn}Old`,
  };
  await world.run({ properties: { ...SETUP_PROPERTIES, Functions } });
  change('inbound', { Content: edited(flowNamed('inbound').Content) });
  const { data } = await update({}, { Functions });

  expect(data?.FlowsKept).toMatch(
    new RegExp(
      `^switchboard inbound: .*Remove those from the instance afterwards: ${Functions.CallerLookupFunctionArn}\\.$`,
    ),
  );
  expect(world.state.lambdas.all().toSorted()).toEqual(
    [...Object.values(SETUP_PROPERTIES.Functions), Functions.CallerLookupFunctionArn].toSorted(),
  );
});

test('a renamed flow is updated although another flow has its name', async () => {
  await world.run({});
  const { Id } = flowNamed('agent-queue');
  change('agent-queue', { Name: 'Waiting room' });
  const taken = copy(Id, { Name: 'switchboard agent-queue', Tags: {} });
  await update({ AgentRingSeconds: '45' });

  expect(flowOfId(Id)).toMatchObject({ Name: 'Waiting room', Content: expect.stringContaining('"45"') });
  expect(flowOfId(taken.Id)).toEqual(taken);
});

test('flows that were created twice are all deleted with the stack', async () => {
  await world.run({});
  const { Id, Tags } = flowNamed('inbound');
  const twin = copy(Id, { Name: 'Main line', Id: 'twin', Tags: { ...Tags, 'switchboard:id': 'twin' } });
  await world.run({ type: 'Delete' });

  expect(flowOfId(twin.Id)).toBeUndefined();
  expect(world.snapshot()).toMatchObject(REMOVED);
});
