import { parseSetupProperties } from '#core/deployment/properties.ts';
import fixture from '#events/connect-setup.json';

const HOME = { account: '111122223333', region: 'eu-central-1' };
const read = (changes: object = {}) =>
  parseSetupProperties({ ...fixture.ResourceProperties, ...changes }, HOME);

test('the properties of the template are parsed', () => {
  expect(read()).toMatchObject({
    instance: { id: '10ca1000-5017-4b0a-8d00-000000000001', ...HOME },
    stackName: 'switchboard',
    overwriteFlows: false,
    agentRingSeconds: '25',
    defaultLanguage: 'en',
  });
});

test('one error names all faults of the instance and of the ranges', () => {
  const wrong = { ConnectInstanceArn: 'arn:aws:connect:eu-central-1', ExtensionRange: '10-2000, 9-1' };

  expect(() => read(wrong)).toThrow(/ConnectInstanceArn must look like.*ExtensionRange.*10-2000.*9-1/);
});

const { ConnectInstanceArn: INSTANCE } = fixture.ResourceProperties;
const NUMBER = 'arn:aws:connect:eu-central-1:111122223333:phone-number/1';

test.each([
  ['ConnectInstanceArn', INSTANCE.replace('eu-central-1', 'us-east-1'), /Deploy it in us-east-1/],
  ['ConnectInstanceArn', INSTANCE.replace('111122223333', '999999999999'), /of another AWS account/],
  ['ExtensionRange', '5000-1000', /5000-1000 runs backwards; write 1000-5000/],
  ['ExtensionRange', '10-2000', /10-2000 has ends of different lengths/],
  ['ExtensionRange', '1000-2000,1500-3000', /1000-2000 and 1500-3000 overlap/],
  ['TimeZone', 'Mars/Phobos', /TimeZone must be the name of a time zone/],
  ['TimeZone', 'Europe/Berlín', /TimeZone must be the name of a time zone/],
  ['PhoneNumberId', NUMBER.replace('eu-central-1', 'us-east-1'), /a phone number in us-east-1/],
  ['PhoneNumberId', NUMBER.replace('111122223333', '999999999999'), /of another AWS account/],
])('the %s %s is refused', (name, value, reason) => {
  expect(() => read({ [name]: value })).toThrow(reason);
});

test.each(['', 'UTC', 'Europe/Berlin'])('"%s" is accepted as a time zone', (name) => {
  expect(() => read({ TimeZone: name })).not.toThrow();
});

test.each(['', '10ca1000-5017-4b0a-8d00-0000000000a1', NUMBER])(
  '"%s" may be a number of the instance',
  (PhoneNumberId) => {
    expect(read({ PhoneNumberId }).phoneNumber).toBe(PhoneNumberId);
  },
);

test('the name of a stack leaves room for the names of its flows', () => {
  expect(() => read({ StackName: 's'.repeat(108) })).not.toThrow();
  expect(() => read({ StackName: 's'.repeat(109) })).toThrow(/at most 108 characters/);
});

test('the error says what a setting must be where its name does not', () => {
  expect(() => read({ DefaultLanguage: 'xx' })).toThrow(
    /DefaultLanguage is missing or not one of en, es, de, fr\.$/,
  );
});

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
  expect(() => read(changes)).toThrow(`${field} is missing or not `);
});
