import { actionOf, changed, findingsAfter, found, setCondition } from '../mutations.ts';

test('a key that the function does not answer is found', () => {
  expect(
    findingsAfter('inbound', 'vip-tier', ({ Parameters }) => {
      Parameters.ComparisonValue = '$.External.tier';
    }),
  ).toEqual([
    'answers: It reads $.External.tier, but CallerLookupFunctionArn returns no such key. Read a key that it returns.',
  ]);
});

test('a prefix alone is no key', () => {
  expect(
    findingsAfter('inbound', 'vip-tier', ({ Parameters }) => {
      Parameters.ComparisonValue = '$.External.attr_';
    }),
  ).toHaveLength(1);
});

test('an answer that is read on a way past the function, or after it failed, is found', () => {
  expect(
    findingsAfter('inbound', 'look-up', (action) => {
      for (const error of action.Transitions.Errors ?? []) error.NextAction = 'say-welcome-back';
    }),
  ).toContain(
    'answers: It reads $.External.displayName, but no function has responded, or the last one failed. Read it only after the function succeeds.',
  );
});

test('an answer that another function has overwritten is found', () => {
  const flows = changed('inbound', ({ source }) => {
    actionOf(source.Actions, 'say-welcome-back').Transitions.NextAction = 'names';
    const names = structuredClone(actionOf(source.Actions, 'look-up'));
    names.Identifier = 'names';
    names.Parameters.LambdaFunctionARN = `\${NameDirectoryFunctionArn}`;
    names.Transitions.NextAction = 'vip-tier';
    source.Actions.push(names);
  });
  expect(found(flows)).toContain(
    'answers: It reads $.External.attr_tier, but NameDirectoryFunctionArn returns no such key. Read a key that it returns.',
  );
});

test('a function whose answers are not known is found', () => {
  expect(
    findingsAfter('dial-by-name', 'find-name', ({ Parameters }) => {
      Parameters.LambdaFunctionARN = `\${FaxFunctionArn}`;
    }),
  ).toContainEqual(expect.stringContaining('The checker does not know this function'));
});

test('a status that the function never answers is found', () => {
  expect(
    findingsAfter('extension-transfer', 'extension-known', (action) =>
      setCondition(action, 'Equals', 'FUOND'),
    ),
  ).toContain(
    'answers: The function never returns the status FUOND. Use FOUND, NOT_FOUND, INVALID, DEGRADED.',
  );
});

test('a parameter that the function does not read is found', () => {
  expect(
    findingsAfter('extension-transfer', 'find-keyed', ({ Parameters }) => {
      Parameters.LambdaInvocationAttributes = { digit: '$.StoredCustomerInput' };
    }),
  ).toContain('answers: The function reads no parameter digit. Pass only digits, language.');
});

test('a loop that goes round no time is found', () => {
  expect(
    findingsAfter('inbound', 'tries', ({ Parameters }) => {
      Parameters.LoopCount = '0';
    }),
  ).toContainEqual(expect.stringContaining('LoopCount must be a whole number from 1'));
});
