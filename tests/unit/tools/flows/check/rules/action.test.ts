import { type FlowName, SHIPPED_FLOWS } from '@switchboard/core/flows';
import {
  actionOf,
  changed,
  compare,
  condition,
  conditionsTo,
  errorsTo,
  findingsAfter,
  found,
  leadTo,
  type Mutation,
  set,
  transitions,
} from '../mutations.ts';

type Row = [action: string, fault: string, mutate: Mutation, finding: string];

/** Each row changes one action of a shipped flow; the checker reports at least this finding. */
const describeRule = (rule: string, flow: FlowName, rows: Row[]) =>
  test.each(rows)(`${rule} of ${flow}: %s with %s is found`, (action, _, mutate, finding) => {
    expect(findingsAfter(flow, action, mutate)).toContainEqual(expect.stringContaining(finding));
  });

/** The checker reports these findings and no others. */
const describeExactly = (rule: string, rows: [...Row, flow: FlowName][]) =>
  test.each(rows)(`${rule}: only %s with %s is found`, (action, _, mutate, finding, flow) => {
    expect(new Set(findingsAfter(flow, action, mutate))).toEqual(new Set([finding]));
  });

describeRule('parameters', 'inbound', [
  ['look-up', 'a missing parameter', set({ InvocationType: undefined }), 'InvocationType is missing'],
  ['menu', 'an unknown parameter', set({ Txt: 'x' }), 'no parameter Txt'],
  ['look-up', 'a number above the limit', set({ InvocationTimeLimitSeconds: '9' }), 'from 1 to 8'],
  ['look-up', 'a number that is not a string', set({ InvocationTimeLimitSeconds: 7 }), 'must be a string'],
  ['tries', 'no round', set({ LoopCount: '0' }), 'LoopCount must be a whole number from 1'],
  [
    'menu',
    'an invalid value',
    set({ DTMFConfiguration: { DisableCancelKey: 'true' } }),
    'has an invalid value. Use True, False',
  ],
  ['vip-tier', 'a static comparison', set({ ComparisonValue: 'vip' }), 'must be one reference'],
  ['operator-queue', 'queue and agent', set({ AgentId: 'x' }), 'exactly one of QueueId and AgentId'],
  ['operator-queue', 'no queue', set({ QueueId: undefined }), 'exactly one of QueueId and AgentId'],
  [
    'operator-queue',
    'text and reference mixed',
    set({ QueueId: 'q-$.External.status' }),
    'must be static, or one reference',
  ],
  ['vip', 'an object as attribute', set({ Attributes: { a: {} } }), 'Attributes.a must be a string'],
  ['vip', 'a string of attributes', set({ Attributes: 'vip' }), 'Attributes must be an object'],
  [
    'operator-hook',
    'two hooks',
    set({ EventHooks: { CustomerQueue: 'a', AgentWhisper: 'b' } }),
    'AgentWhisper is not allowed. Use CustomerQueue',
  ],
  ['language-de', 'a reference', set({ LanguageCode: '$.External.language' }), 'must be static'],
  ['menu', 'a string for an object', set({ InputValidation: 'x' }), 'InputValidation must be an object'],
  ['say-vip', 'an empty sentence', set({ Text: ' ' }), 'Text is empty'],
]);

describeRule('parameters', 'agent-queue', [
  ['wait', 'no messages', set({ Messages: [] }), 'Messages must be an array of at least one object'],
  ['wait', 'a string as message', set({ Messages: ['Hello.'] }), 'Messages[0] must be an object'],
]);

describeRule('conditions and errors', 'inbound', [
  ['vip-tier', 'an unknown operator', compare('Is', 'vip'), 'Is is not an operator'],
  ['vip-tier', 'no condition', transitions({ Conditions: [] }), 'compares with nothing'],
  [
    'say-welcome',
    'a condition',
    transitions({ Conditions: [condition('Equals', '1')] }),
    'The action takes no conditions',
  ],
  [
    'own-agent-free',
    'more than one agent',
    compare('NumberGreaterThan', '1'),
    'supports only the condition NumberGreaterThan 0',
  ],
  ['tries', 'no end', ({ Transitions }) => Transitions.Conditions?.pop(), '"Equals DoneLooping" is missing'],
  [
    'vip-tier',
    'the same condition twice',
    ({ Transitions }) => Transitions.Conditions?.push(condition('Equals', 'vip')),
    'A condition is repeated',
  ],
  ['look-up', 'no error branch', transitions({ Errors: [] }), 'NoMatchingError is not handled'],
  [
    'tries',
    'an error that it never has',
    transitions({ Errors: [{ ErrorType: 'NoMatchingError', NextAction: 'menu' }] }),
    'The action never has the error NoMatchingError',
  ],
  [
    'look-up',
    'two branches of one error',
    ({ Transitions }) => Transitions.Errors?.push({ ErrorType: 'NoMatchingError', NextAction: 'tries' }),
    'handled twice',
  ],
]);

describeRule('conditions', 'dial-by-name', [
  ['choose-of-1', 'two keys', compare('Equals', '12'), '"Equals 12" is not allowed'],
]);

test('an unsupported type, and an action in a flow of the wrong type, are found', () => {
  const retyped: Mutation = (action) => {
    action.Type = 'TransferContactToAgent';
  };
  expect(findingsAfter('inbound', 'say-welcome', retyped)).toContainEqual(
    expect.stringContaining('type: The type TransferContactToAgent is not supported. Use one of'),
  );
  const flows = changed('extension-transfer', (flow) => {
    flow.type = 'CUSTOMER_QUEUE';
  });
  expect(found(flows)).toContain(
    'flow-type: A flow of type CUSTOMER_QUEUE cannot contain TransferContactToQueue. Use CONTACT_FLOW.',
  );
});

const NO_KEY_READ = set({ ComparisonValue: '$.External.tier' });
const PREFIX_READ = set({ ComparisonValue: '$.External.attr_' });
const noKey = (key: string, name: string) =>
  `answers: It reads $.External.${key}, but ${name}FunctionArn returns no such key. Read a key that it returns.`;

describeExactly('answers', [
  ['vip-tier', 'an unknown key', NO_KEY_READ, noKey('tier', 'CallerLookup'), 'inbound'],
  ['vip-tier', 'only the prefix of keys', PREFIX_READ, noKey('attr_', 'CallerLookup'), 'inbound'],
]);

describeRule('answers', 'inbound', [
  [
    'look-up',
    'a response that is read after a failure',
    errorsTo('say-welcome-back'),
    'answers: It reads $.External.displayName, but no function has responded, or the last one failed. Read it only after the function succeeds.',
  ],
]);

describeRule('answers', 'dial-by-name', [
  [
    'find-name',
    'an unknown function',
    set({ LambdaFunctionARN: `\${FaxFunctionArn}` }),
    'The checker does not know this function',
  ],
]);

describeRule('answers', 'extension-transfer', [
  [
    'extension-known',
    'an unknown status',
    compare('Equals', 'FUOND'),
    'answers: The function never returns the status FUOND. Use FOUND, NOT_FOUND, INVALID, DEGRADED.',
  ],
  [
    'find-keyed',
    'an unknown function parameter',
    set({ LambdaInvocationAttributes: { digit: '$.StoredCustomerInput' } }),
    'answers: The function reads no parameter digit. Pass only digits, language.',
  ],
]);

test('a response that another function has replaced is found', () => {
  const flows = changed('inbound', ({ source }) => {
    actionOf(source.Actions, 'say-welcome-back').Transitions.NextAction = 'names';
    const names = structuredClone(actionOf(source.Actions, 'look-up'));
    names.Identifier = 'names';
    names.Parameters.LambdaFunctionARN = `\${NameDirectoryFunctionArn}`;
    names.Transitions.NextAction = 'vip-tier';
    source.Actions.push(names);
  });
  expect(found(flows)).toContain(noKey('attr_tier', 'NameDirectory'));
});

const unset = (what: string) =>
  `attributes: It reads ${what}, which is not set on every path. Set it before this action.`;

test('an attribute that is not set on every path is found', () => {
  const speak = (Text: string) => findingsAfter('extension-transfer', 'say-invalid-extension', set({ Text }));
  const notPlayed = expect.stringContaining('No flow plays');
  expect(speak('$.Attributes.unset')).toEqual([unset('unset'), ...Array(4).fill(notPlayed)]);
  expect(speak('$.Attributes.say_invalid_extension $.Attributes.switchboard_agent_name')).toEqual([
    unset('switchboard_agent_name'),
  ]);
});

describeRule('attributes', 'inbound', [
  [
    'own-agent',
    'one attribute of a pair',
    set({ Attributes: { switchboard_waiting_for: 'agent' } }),
    'attributes: It sets switchboard_waiting_for without switchboard_agent_name. Set both on every path to this action.',
  ],
]);

describeExactly('attributes and input', [
  [
    'find-called-number',
    'keys before any question',
    set({ LambdaInvocationAttributes: { digits: '$.StoredCustomerInput' } }),
    unset('$.StoredCustomerInput'),
    'extension-transfer',
  ],
  [
    'keyed',
    'no branch for a caller who presses no key',
    compare('Equals', '#'),
    'no-key: The next action must compare $.StoredCustomerInput with Timeout.',
    'extension-transfer',
  ],
]);

const notSet = (what: string) =>
  `agent-queues: A caller can reach an agent's queue before ${what} is set. Set it on every path to this action.`;
const NO_HOOK = notSet('the customer queue flow');

describe.each<[FlowName, before: string, hook: string, target: string, attributes: string]>([
  ['extension-transfer', 'agent-free', 'agent-hook', 'agent-queue', 'keep-agent'],
  ['inbound', 'own-agent', 'own-agent-hook', 'own-agent-queue', 'own-agent'],
])('agent queues of %s', (flow, before, hook, target, attributes) => {
  test.each<[string, string, Mutation, string]>([
    ['a path past the customer queue flow', before, leadTo(target), NO_HOOK],
    ['an error past the customer queue flow', hook, errorsTo(target), NO_HOOK],
    [
      'another customer queue flow',
      hook,
      set({ EventHooks: { CustomerQueue: `\${InboundFlowArn}` } }),
      NO_HOOK,
    ],
    [
      'the attributes of the operator queue',
      attributes,
      ({ Parameters }) => Object.assign(Parameters.Attributes ?? {}, { switchboard_waiting_for: 'operator' }),
      notSet('switchboard_waiting_for'),
    ],
  ])('%s is found', (_, action, mutate, finding) => {
    expect(findingsAfter(flow, action, mutate)).toContain(finding);
  });
});

const ENDLESS = 'cycles: A call can return to this action without end. Count the rounds with a Loop action.';
const CAN_HELP =
  'ends: It says goodbye although the operator can still help. Transfer the call to the operator queue first.';
const NO_GOODBYE = 'ends: It disconnects the caller without a goodbye';
const silentAfter = (error: string) =>
  `error-branches: After ${error}, a call can end in silence. Play a sentence on this branch.`;

describeRule('paths', 'inbound', [
  ['operator-transfer', 'an error that hangs up', errorsTo('hang-up'), NO_GOODBYE],
  ['operator-transfer', 'an error that hangs up', errorsTo('hang-up'), silentAfter('QueueAtCapacity')],
  ['say-trouble', 'a cycle', leadTo('say-trouble'), ENDLESS],
  [
    'say-trouble',
    'a cycle without exit',
    leadTo('say-trouble'),
    'ends: No path from this action reaches a queue, another flow, or a goodbye. Add one.',
  ],
  ['say-welcome', 'a disconnect after the welcome', leadTo('hang-up'), NO_GOODBYE],
]);

describeRule('paths', 'extension-transfer', [
  [
    'find-keyed',
    'an error past the queues',
    errorsTo('say-goodbye'),
    'error-branches: After NoMatchingError, a call can reach no queue. Lead this branch to the operator queue.',
  ],
  ['say-away', 'a goodbye before the operator', leadTo('say-goodbye'), CAN_HELP],
]);

describeExactly('paths', [
  ['say-nothing-keyed', 'a question that is repeated without a count', leadTo('menu'), ENDLESS, 'inbound'],
  [
    'find-keyed',
    'an error that leads into a queue in silence',
    errorsTo('plain-operator-queue'),
    silentAfter('NoMatchingError'),
    'extension-transfer',
  ],
]);

const FOREVER =
  "waiting: A caller can wait in an agent's queue forever. Lead this path to the operator queue.";
const RETURNS =
  'waiting: A caller who waits for an agent can return here. Transfer the call to the operator queue first.';

describeRule('waiting', 'agent-queue', [
  ['ring', 'an interrupt that ends the flow', conditionsTo('stop'), FOREVER],
  ['ring', 'an error that ends the flow', errorsTo('stop'), FOREVER],
  ['ring-on', 'an error that ends the flow', errorsTo('stop'), FOREVER],
  ['ring', 'an interrupt that rings again', conditionsTo('ring'), RETURNS],
  ['say-no-answer', 'a path that rings again', leadTo('ring'), RETURNS],
  ['ring-on', 'an interrupt that rings again', conditionsTo('ring-on'), RETURNS],
  ['ring', 'no interrupt', set({ InterruptFrequencySeconds: undefined }), FOREVER],
  ['prompts-default', 'an error that waits', errorsTo('wait-plain'), FOREVER],
  [
    'to-operator',
    'the queue of another agent',
    (action) => {
      action.Parameters = { AgentId: '$.Attributes.switchboard_agent_name' };
    },
    RETURNS,
  ],
  ['language-known', 'a wait without a check for what the caller waits', leadTo('wait-plain'), FOREVER],
  [
    'waiting-for',
    'only a check for the operator',
    ({ Transitions }) => {
      for (const { Condition } of Transitions.Conditions ?? []) Condition.Operands = ['operator'];
    },
    FOREVER,
  ],
  ['say-no-answer', 'a check of what the flow itself has set', leadTo('waiting-for'), FOREVER],
  ['wait', 'an error that returns without a wait', errorsTo('wait'), ENDLESS],
  ['wait', 'an error that ends the flow in silence', errorsTo('stop'), silentAfter('NoMatchingError')],
  ['no-answer', 'a goodbye before the operator', leadTo('say-goodbye'), CAN_HELP],
]);

test.each(SHIPPED_FLOWS.map(({ name }) => name))(
  'flow logs that %s enables, or leaves enabled, are found',
  (name) => {
    expect(findingsAfter(name, 'log-nothing', set({ FlowLoggingBehavior: 'Enabled' }))).toEqual([
      'logging: It turns on flow logs, which record what callers say and key. Disable them.',
    ]);
    const later = changed(name, ({ source }) => {
      source.StartAction = source.Actions[1]?.Identifier ?? '';
    });
    expect(found(later)).toContain(
      'logging: The flow does not turn off its logs. Start it with UpdateFlowLoggingBehavior Disabled.',
    );
  },
);
