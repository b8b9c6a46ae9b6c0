import fixture from '../../../../events/connect-setup.json';
import { readProperties } from '../../../../layers/core/src/setup/properties.ts';

const HOME = { account: '111122223333', region: 'eu-central-1' };
const read = (changes: object = {}) => readProperties({ ...fixture.ResourceProperties, ...changes }, HOME);

test('what the template gives is understood', () => {
  expect(read()).toMatchObject({
    instance: { id: '10ca1000-5017-4b0a-8d00-000000000001', ...HOME },
    stackName: 'switchboard',
    overwriteFlows: false,
    agentRingSeconds: '25',
    defaultLanguage: 'en',
  });
});

test('every fault of the instance and of the ranges is told at once', () => {
  const wrong = { ConnectInstanceArn: 'arn:aws:connect:eu-central-1', ExtensionRange: '10-2000, 9-1' };

  expect(() => read(wrong)).toThrow(/ConnectInstanceArn must look like.*ExtensionRange.*10-2000.*9-1/);
});

test.each(['Mars/Phobos', 'Europe/Berlín'])(
  '%s is refused, because no caller could be told the time',
  (name) => {
    expect(() => read({ TimeZone: name })).toThrow(/TimeZone must be the name of a time zone/);
  },
);

test.each(['', 'UTC', 'Europe/Berlin'])(
  '"%s" is a time zone that callers can be told the time of',
  (name) => {
    expect(() => read({ TimeZone: name })).not.toThrow();
  },
);

test.each([
  [{ AgentRingSeconds: '0' }, 'AgentRingSeconds'],
  [{ DefaultLanguage: 'xx' }, 'DefaultLanguage'],
  [{ OverwriteFlows: 'maybe' }, 'OverwriteFlows'],
  [{ StackName: '' }, 'StackName'],
  [{ SyncFunctionArn: 'x' }, 'SyncFunctionArn'],
  [
    { Functions: { ...fixture.ResourceProperties.Functions, NameDirectoryFunctionArn: 7 } },
    'Functions.NameDirectoryFunctionArn',
  ],
])('%j is refused by the name of the property', (changes, field) => {
  expect(() => read(changes)).toThrow(`${field} is missing or not what it should be`);
});
