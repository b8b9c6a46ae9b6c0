import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { FOREIGN, setupSteps } from '#support/setup-steps.ts';
import { createSetupWorld, type SetupWorld } from '#support/setup-world.ts';

let world: SetupWorld;
beforeEach(() => {
  world = createSetupWorld();
});
const { writes } = setupSteps(() => world);

const { Functions, SyncFunctionArn, ...SETTINGS } = SETUP_PROPERTIES;
const check = (changes: object = {}) => world.check({ properties: { ...SETTINGS, ...changes } });
const elsewhere = SETTINGS.ConnectInstanceArn.replace('eu-central-1', 'us-east-1');

test('settings that are right are let through, and nothing is changed', async () => {
  await expect(check()).resolves.toEqual({ physicalId: 'switchboard/checked' });

  expect(world.requests).toEqual([
    'DescribeInstance',
    'SearchContactFlows',
    'DescribeInstance',
    'ListQueues',
    'DescribePhoneNumber',
    'ListContactFlows',
    'SearchContactFlows',
  ]);
});

test.each([
  ['an instance of another Region', { ConnectInstanceArn: elsewhere }, /Deploy it in us-east-1/],
  [
    'an instance that there is not',
    { ConnectInstanceArn: SETTINGS.ConnectInstanceArn.replace(/1$/, '9') },
    /does not exist/,
  ],
  ['a range that is none', { ExtensionRange: '5000-1000' }, /ExtensionRange.*5000-1000/],
  ['a queue that there is not', { OperatorQueue: 'Nobody' }, /OperatorQueue is not a queue/],
  ['a number that there is not', { PhoneNumberId: 'none' }, /PhoneNumberId is not a phone number/],
])('%s ends a creation before there are tables', async (_, changes, reason) => {
  await expect(check(changes)).rejects.toThrow(reason);

  expect(writes()).toEqual([]);
});

test('missing rights end it too', async () => {
  world.fault({ operation: 'ListQueues', fault: 'access-denied', times: 1_000 });
  await expect(check()).rejects.toThrow(/right/);
  world.clearFaults();
});

test("a flow of somebody else's with a name of ours ends it", async () => {
  const foreign = { ...FOREIGN, Name: 'switchboard inbound' };
  world.state.flows.put(foreign);
  await expect(check()).rejects.toThrow(/"switchboard inbound" already/);
  world.state.flows.delete(foreign.Id);
});

test('where the stack has flows it keeps nothing from being updated', async () => {
  await world.run({});

  await expect(check({ PhoneNumberId: 'given-back' })).resolves.toEqual({
    physicalId: 'switchboard/checked',
  });
});

test.each(['Update', 'Delete'] as const)('there is nothing to do for a request to %s', async (type) => {
  await expect(world.check({ type, physicalId: 'switchboard/checked' })).resolves.toEqual({
    physicalId: 'switchboard/checked',
  });

  expect(world.requests).toEqual([]);
});
