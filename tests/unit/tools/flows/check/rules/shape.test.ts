import type { FlowAction } from '@switchboard/core/flows';
import { changed, condition, findingsAfter, found, setCondition } from '../mutations.ts';

test('a type that we do not use is named', () => {
  const findings = findingsAfter('inbound', 'say-welcome', (action) => {
    action.Type = 'TransferContactToAgent';
  });
  expect(findings).toContainEqual(
    expect.stringContaining('type: The type TransferContactToAgent is not supported. Use one of'),
  );
});

test('an action in a flow of the wrong type is found', () => {
  const flows = changed('extension-transfer', (flow) => {
    flow.type = 'CUSTOMER_QUEUE';
  });
  expect(found(flows)).toContain(
    'flow-type: A flow of type CUSTOMER_QUEUE cannot contain TransferContactToQueue. Use CONTACT_FLOW.',
  );
});

test.each<[string, string, (action: FlowAction) => void, string]>([
  [
    'a missing parameter',
    'look-up',
    ({ Parameters }) => delete Parameters.InvocationType,
    'InvocationType is missing',
  ],
  [
    'an unknown parameter',
    'menu',
    ({ Parameters }) => Object.assign(Parameters, { Txt: 'x' }),
    'no parameter Txt',
  ],
  [
    'a text too large as a number',
    'look-up',
    ({ Parameters }) => Object.assign(Parameters, { InvocationTimeLimitSeconds: '9' }),
    'from 1 to 8',
  ],
  [
    'a number that is no text',
    'look-up',
    ({ Parameters }) => Object.assign(Parameters, { InvocationTimeLimitSeconds: 7 }),
    'must be a string',
  ],
  [
    'a choice that is none',
    'menu',
    ({ Parameters }) => Object.assign(Parameters, { DTMFConfiguration: { DisableCancelKey: 'true' } }),
    'has an invalid value. Use True, False',
  ],
  [
    'a comparison with a static text',
    'vip-tier',
    ({ Parameters }) => Object.assign(Parameters, { ComparisonValue: 'vip' }),
    'must be one reference',
  ],
  [
    'a queue and an agent at once',
    'operator-queue',
    ({ Parameters }) => Object.assign(Parameters, { AgentId: 'x' }),
    'exactly one of QueueId and AgentId',
  ],
  [
    'neither a queue nor an agent',
    'operator-queue',
    ({ Parameters }) => delete Parameters.QueueId,
    'exactly one of QueueId and AgentId',
  ],
  [
    'a queue mixed from text and reference',
    'operator-queue',
    ({ Parameters }) => Object.assign(Parameters, { QueueId: 'q-$.External.status' }),
    'must be static, or one reference',
  ],
  [
    'an attribute that is an object',
    'vip',
    ({ Parameters }) => Object.assign(Parameters, { Attributes: { a: {} } }),
    'Attributes.a must be a string',
  ],
  [
    'attributes that are a text',
    'vip',
    ({ Parameters }) => Object.assign(Parameters, { Attributes: 'vip' }),
    'Attributes must be an object',
  ],
  [
    'two hooks at once',
    'operator-hook',
    ({ Parameters }) => Object.assign(Parameters, { EventHooks: { CustomerQueue: 'a', AgentWhisper: 'b' } }),
    'AgentWhisper is not allowed. Use CustomerQueue',
  ],
  [
    'a language that is a reference',
    'language-de',
    ({ Parameters }) => Object.assign(Parameters, { LanguageCode: '$.External.language' }),
    'must be static',
  ],
  [
    'an object where one is needed',
    'menu',
    ({ Parameters }) => Object.assign(Parameters, { InputValidation: 'x' }),
    'InputValidation must be an object',
  ],
  [
    'a sentence without words',
    'say-vip',
    ({ Parameters }) => Object.assign(Parameters, { Text: ' ' }),
    'Text is empty',
  ],
])('%s is found', (_, id, change, message) => {
  expect(findingsAfter('inbound', id, change)).toContainEqual(expect.stringContaining(message));
});

test('prompts that repeat are a list of sentences', () => {
  const repeating = (Messages: never[] | string[]) =>
    findingsAfter('agent-queue', 'wait', ({ Parameters }) => Object.assign(Parameters, { Messages }));
  expect(repeating([])).toContainEqual(
    expect.stringContaining('Messages must be an array of at least one object'),
  );
  expect(repeating(['Hello.'])).toContainEqual(expect.stringContaining('Messages[0] must be an object'));
});

test.each<[string, string, (action: FlowAction) => void, string]>([
  [
    'an operator that is none',
    'vip-tier',
    (action) => setCondition(action, 'Is', 'vip'),
    'Is is not an operator',
  ],
  [
    'a comparison with nothing',
    'vip-tier',
    ({ Transitions }) => delete Transitions.Conditions,
    'compares with nothing',
  ],
  [
    'a condition where none is taken',
    'say-welcome',
    ({ Transitions }) => Object.assign(Transitions, { Conditions: [condition('Equals', '1')] }),
    'The action takes no conditions',
  ],
  [
    'a number of agents above one',
    'own-agent-free',
    (action) => setCondition(action, 'NumberGreaterThan', '1'),
    'supports only the condition NumberGreaterThan 0',
  ],
  [
    'a loop that only goes on',
    'tries',
    ({ Transitions }) => Transitions.Conditions?.pop(),
    '"Equals DoneLooping" is missing',
  ],
  [
    'the same condition again',
    'vip-tier',
    ({ Transitions }) => Transitions.Conditions?.push(condition('Equals', 'vip')),
    'A condition is repeated',
  ],
  [
    'an error that is not handled',
    'look-up',
    ({ Transitions }) => Object.assign(Transitions, { Errors: [] }),
    'NoMatchingError is not handled',
  ],
  [
    'an error that does not exist',
    'tries',
    ({ Transitions }) =>
      Object.assign(Transitions, { Errors: [{ ErrorType: 'NoMatchingError', NextAction: 'menu' }] }),
    'The action never has the error NoMatchingError',
  ],
  [
    'an error handled twice',
    'look-up',
    ({ Transitions }) => Transitions.Errors?.push({ ErrorType: 'NoMatchingError', NextAction: 'tries' }),
    'handled twice',
  ],
])('%s is found', (_, id, change, message) => {
  expect(findingsAfter('inbound', id, change)).toContainEqual(expect.stringContaining(message));
});

test('a menu asks for single keys', () => {
  expect(
    findingsAfter('dial-by-name', 'choose-of-1', (action) => setCondition(action, 'Equals', '12')),
  ).toContainEqual(expect.stringContaining('"Equals 12" is not allowed'));
});
