import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { edited, REMOVED, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, type SetupWorld } from '#support/setup-world.ts';

// Flows that a person copied, renamed or left half-done, and a Connect that is behind its own writes.
let world: SetupWorld;
beforeEach(() => {
  world = createSetupWorld();
});
const { change, copy, flowNamed, flowOfId, mainNumber, update, writes } = setupSteps(() => world);

describe('a Connect that is behind', () => {
  test('finds a new flow a moment later: nobody has deleted it', async () => {
    const { data } = await world.run({}, { lagMs: 1_500 });

    expect(data?.FlowsKept).toBe('none');
    expect(writes().filter((operation) => operation === 'CreateContactFlow')).toHaveLength(4);
  });

  test('shows the content of before a moment longer: that is no change by hand', async () => {
    await world.run({});
    await update({ AgentRingSeconds: '45' }, {}, { lagMs: 1_500 });

    const { data } = await update({ AgentRingSeconds: '50' });
    expect(data?.FlowsKept).toBe('none');
    expect(flowNamed('agent-queue').Content).toContain('"50"');
  });
});

describe("a person's copy that has the tags of ours", () => {
  test('stays when the stack goes', async () => {
    await world.run({});
    const kept = copy('inbound', { Name: 'Our holidays' });
    const { note } = await world.run({ type: 'Delete' });

    expect(note).toBeUndefined();
    expect(world.state.flows.all()).toEqual([kept]);
  });

  test('is not written, nor gets the number, when ours has another name now', async () => {
    await world.run({});
    const { Id } = flowNamed('inbound');
    change('inbound', { Name: 'Main line' });
    const kept = copy(Id, { Name: 'Our holidays' });
    await update({ DefaultLanguage: 'de' });

    expect(flowOfId(kept.Id)).toEqual(kept);
    expect(mainNumber()).toMatchObject({ ContactFlowId: Id });
  });

  test('may be one that was never published', async () => {
    await world.run({});
    const kept = copy('inbound', { Name: 'Our holidays', Status: 'SAVED' });

    expect((await update({ DefaultLanguage: 'de' })).data?.FlowsKept).toBe('none');
    expect(flowOfId(kept.Id)).toEqual(kept);
  });

  test('is told by the name that ours has when no id was noted yet, and then the id is', async () => {
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

test('a change that was saved and not published is kept, until it is told to overwrite', async () => {
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

test('a name of ours is taken by a flow of somebody else that was never published, too', async () => {
  await world.run({});
  change('dial-by-name', { Status: 'SAVED', Tags: {} });

  await expect(update()).rejects.toThrow(/"switchboard dial-by-name" already/);
});

test('flows are named in the outputs as they are called now', async () => {
  await world.run({});
  change('inbound', { Name: 'Main line', Content: edited(flowNamed('inbound').Content) });
  const { data } = await update();

  expect(data).toMatchObject({
    InboundFlowName: 'Main line',
    FlowsKept: expect.stringMatching(/^Main line: changed by hand/),
  });
});

test('a function of before stays associated, and is named, as long as a kept flow names it', async () => {
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

test('a flow of ours that is called otherwise now is updated, although somebody took its name', async () => {
  await world.run({});
  const { Id } = flowNamed('agent-queue');
  change('agent-queue', { Name: 'Waiting room' });
  const taken = copy(Id, { Name: 'switchboard agent-queue', Tags: {} });
  await update({ AgentRingSeconds: '45' });

  expect(flowOfId(Id)).toMatchObject({ Name: 'Waiting room', Content: expect.stringContaining('"45"') });
  expect(flowOfId(taken.Id)).toEqual(taken);
});

test('flows that came into being twice all go with the stack', async () => {
  await world.run({});
  const { Id, Tags } = flowNamed('inbound');
  const twin = copy(Id, { Name: 'Main line', Id: 'twin', Tags: { ...Tags, 'switchboard:id': 'twin' } });
  await world.run({ type: 'Delete' });

  expect(flowOfId(twin.Id)).toBeUndefined();
  expect(world.snapshot()).toMatchObject(REMOVED);
});
