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

test('valid parameters are accepted, and nothing is changed', async () => {
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
    'an instance that does not exist',
    { ConnectInstanceArn: SETTINGS.ConnectInstanceArn.replace(/1$/, '9') },
    /does not exist/,
  ],
  ['an invalid range', { ExtensionRange: '5000-1000' }, /ExtensionRange.*5000-1000/],
  ['a queue that does not exist', { OperatorQueue: 'Missing' }, /OperatorQueue is not a queue/],
  ['a number that does not exist', { PhoneNumberId: 'none' }, /PhoneNumberId is not a phone number/],
])('%s fails a creation before the tables exist', async (_, changes, reason) => {
  await expect(check(changes)).rejects.toThrow(reason);

  expect(writes()).toEqual([]);
});

test('missing rights fail a creation', async () => {
  world.fault({ operation: 'ListQueues', fault: 'access-denied', times: 1_000 });
  await expect(check()).rejects.toThrow(/right/);
});

test('another flow with a name that the stack needs fails a creation', async () => {
  world.state.flows.put({ ...FOREIGN, Name: 'switchboard inbound' });
  await expect(check()).rejects.toThrow(/"switchboard inbound" already/);
});

test('an instance that has flows of the stack already is left to connect-setup', async () => {
  await world.run({});

  await expect(check({ PhoneNumberId: 'given-back' })).resolves.toEqual({
    physicalId: 'switchboard/checked',
  });
});

test.each(['Update', 'Delete'] as const)('a request to %s does nothing', async (type) => {
  await expect(world.check({ type, physicalId: 'switchboard/checked' })).resolves.toEqual({
    physicalId: 'switchboard/checked',
  });

  expect(world.requests).toEqual([]);
});
