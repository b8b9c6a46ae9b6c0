import { findingsAfter } from '../mutations.ts';

test('an attribute that nobody sets, or not on every way, is found', () => {
  const speak = (Text: string) =>
    findingsAfter('extension-transfer', 'say-invalid-extension', ({ Parameters }) =>
      Object.assign(Parameters, { Text }),
    );
  expect(speak('$.Attributes.unset')).toEqual([
    'attributes: It reads unset, which is not set on every path. Set it before this action.',
    expect.stringContaining('No flow plays'),
    expect.stringContaining('No flow plays'),
    expect.stringContaining('No flow plays'),
    expect.stringContaining('No flow plays'),
  ]);
  expect(speak('$.Attributes.say_invalid_extension $.Attributes.switchboard_agent_name')).toEqual([
    'attributes: It reads switchboard_agent_name, which is not set on every path. Set it before this action.',
  ]);
});

test('attributes that go together are set together', () => {
  expect(
    findingsAfter('inbound', 'own-agent', ({ Parameters }) => {
      Parameters.Attributes = { switchboard_waiting_for: 'agent' };
    }),
  ).toContain(
    'attributes: It sets switchboard_waiting_for without switchboard_agent_name. Set both on every path to this action.',
  );
});

test('keys that were not asked for are found', () => {
  expect(
    findingsAfter('extension-transfer', 'find-called-number', ({ Parameters }) => {
      Parameters.LambdaInvocationAttributes = { digits: '$.StoredCustomerInput' };
    }),
  ).toEqual([
    'attributes: It reads $.StoredCustomerInput, which is not set on every path. Set it before this action.',
  ]);
});
