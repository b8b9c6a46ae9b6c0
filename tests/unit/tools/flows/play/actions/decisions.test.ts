import {
  ADA,
  createFlow,
  GOODBYE,
  lastSaid,
  OPERATORS,
  playTestCall,
  SORRY,
  says,
  type TestAction,
} from '#support/calls.ts';
import { type AgentState, agentDestination, spokenTexts } from '#tools/flows/play/index.ts';

function comparing(
  when: Record<string, string>,
  value = '$.CustomerEndpoint.Address',
): Record<string, TestAction> {
  return {
    compare: {
      type: 'Compare',
      parameters: { ComparisonValue: value },
      when,
      errors: { NoMatchingCondition: 'other' },
    },
    first: says('First.', 'end'),
    second: says('Second.', 'end'),
    other: says('Other.', 'end'),
    ...GOODBYE,
  };
}

describe('Compare', () => {
  test('takes the first condition that is met', async () => {
    const flow = createFlow(comparing({ first: 'TextStartsWith +1', second: 'TextStartsWith +' }));

    expect(lastSaid(await playTestCall({ flows: [flow] }))).toBe('First.');
    expect(lastSaid(await playTestCall({ flows: [flow], from: '+4930901820' }))).toBe('Second.');
    expect(lastSaid(await playTestCall({ flows: [flow], from: undefined }))).toBe('Other.');
  });

  test('a missing value meets no condition, not even an empty string', async () => {
    const flow = createFlow(comparing({ first: 'Equals ' }, '$.External.nothing'));

    expect(lastSaid(await playTestCall({ flows: [flow] }))).toBe('Other.');
  });

  test.each(['FOUND', 'a $.External.status', ''])(
    'the value "%s" is not a single reference',
    async (value) => {
      const { end } = await playTestCall({ flows: [createFlow(comparing({ first: 'Equals a' }, value))] });

      expect(end).toMatchObject({
        message: expect.stringContaining('ComparisonValue must be a single reference'),
      });
    },
  );

  test('an unknown operator and an unknown namespace are named with flow and action', async () => {
    const operator = await playTestCall({ flows: [createFlow(comparing({ first: 'Like +1' }))] });
    const namespace = await playTestCall({
      flows: [createFlow(comparing({ first: 'Equals 1' }, '$.Externals.a'))],
    });

    expect(operator.end).toMatchObject({
      message: expect.stringContaining('Flow "tiny", action "compare": The operator "Like" does not exist'),
    });
    expect(namespace.end).toMatchObject({
      message: expect.stringContaining('The player does not know the reference "$.Externals.a"'),
    });
  });

  test('no condition met and no branch for that is an error', async () => {
    const { compare = { type: '' }, ...rest } = comparing({ first: 'Equals 1' });
    const { end } = await playTestCall({
      flows: [createFlow({ compare: { ...compare, errors: {} }, ...rest })],
    });

    expect(end).toMatchObject({ message: expect.stringContaining('No condition is met') });
  });
});

describe('Loop', () => {
  const looping: Record<string, TestAction> = {
    loop: {
      type: 'Loop',
      parameters: { LoopCount: '3' },
      when: { again: 'Equals ContinueLooping', bye: 'Equals DoneLooping' },
    },
    again: says('Again.', 'loop'),
    ...GOODBYE,
  };

  test('loops LoopCount times', async () => {
    expect(spokenTexts(await playTestCall({ flows: [createFlow(looping)] }))).toEqual([
      'Again.',
      'Again.',
      'Again.',
      'Goodbye.',
    ]);
  });

  test('starts again in another flow', async () => {
    const first = createFlow({
      ...looping,
      bye: {
        type: 'TransferToFlow',
        parameters: { ContactFlowId: 'second' },
        errors: { NoMatchingError: 'end' },
      },
    });

    const transcript = await playTestCall({ flows: [first, createFlow(looping, { name: 'second' })] });

    expect(spokenTexts(transcript)).toHaveLength(7);
  });
});

describe('CheckMetricData', () => {
  const checking = (parameters: object): Record<string, TestAction> => ({
    check: {
      type: 'CheckMetricData',
      parameters,
      when: { yes: 'NumberGreaterThan 0' },
      next: 'no',
      errors: { NoMatchingError: 'sorry' },
    },
    yes: says('Yes.', 'end'),
    no: says('No.', 'end'),
    ...SORRY,
    ...GOODBYE,
  });

  test.each<[string, AgentState, string]>([
    ['NumberOfAgentsAvailable', 'AVAILABLE', 'Yes.'],
    ['NumberOfAgentsAvailable', 'BUSY', 'No.'],
    ['NumberOfAgentsStaffed', 'BUSY', 'Yes.'],
    ['NumberOfAgentsStaffed', 'AWAY', 'No.'],
    ['NumberOfAgentsOnline', 'AWAY', 'Yes.'],
    ['NumberOfAgentsOnline', 'OFFLINE', 'No.'],
  ])('%s of an agent who is %s: %s', async (MetricType, state, text) => {
    const flow = createFlow(checking({ MetricType, AgentId: ADA.id }));

    expect(
      lastSaid(await playTestCall({ flows: [flow], places: [agentDestination({ ...ADA, state })] })),
    ).toBe(text);
  });

  test('without a queue or an agent, the metric is of the target queue', async () => {
    const flow = createFlow({
      target: { type: 'UpdateContactTargetQueue', parameters: { QueueId: OPERATORS.id }, next: 'check' },
      ...checking({ MetricType: 'NumberOfContactsInQueue' }),
    });

    expect(lastSaid(await playTestCall({ flows: [flow], places: [{ ...OPERATORS, waiting: 2 }] }))).toBe(
      'Yes.',
    );
  });

  test.each([
    ['an unknown agent', { MetricType: 'NumberOfAgentsOnline', AgentId: 'nobody' }],
    ['a reference without a value', { MetricType: 'NumberOfAgentsOnline', AgentId: '$.External.agentId' }],
    ['no queue that was set', { MetricType: 'NumberOfAgentsOnline' }],
  ])('%s takes the error branch', async (_, parameters) => {
    expect(lastSaid(await playTestCall({ flows: [createFlow(checking(parameters))] }))).toBe('Sorry.');
  });

  test.each([
    ['NumberOfAgentsIdle', 'NumberGreaterThan 0', 'The MetricType "NumberOfAgentsIdle" does not exist'],
    ['NumberOfAgentsOnline', 'Equals 1', 'supports only the condition NumberGreaterThan "0"'],
  ])('%s compared with %s is wrong', async (MetricType, condition, text) => {
    const { check = { type: '' }, ...rest } = checking({ MetricType, AgentId: ADA.id });
    const { end } = await playTestCall({
      flows: [createFlow({ check: { ...check, when: { yes: condition } }, ...rest })],
    });

    expect(end).toMatchObject({ message: expect.stringContaining(text) });
  });
});
