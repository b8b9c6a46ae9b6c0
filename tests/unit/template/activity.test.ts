import { root } from '#support/root.ts';
import { evaluatedPropertiesOf, statementsOf } from '#support/template.ts';
import { objectAt } from '#tools/json.ts';
import { readTemplate } from '#tools/local/template/index.ts';

const STREAM = 'arn:aws:kinesis:eu-central-1:111122223333:stream/mine';
const template = (AgentEventStreamArn: string) => readTemplate(root, { parameters: { AgentEventStreamArn } });
const variablesOf = (arn: string) => {
  const transfer = template(arn).resources.find(({ logicalId }) => logicalId === 'ExtensionTransferFunction');
  return objectAt(objectAt(transfer?.properties, 'Environment'), 'Variables');
};

test('without a stream, the stack has no resources of agent-activity, and extension-transfer reads no status', () => {
  const ids = template('').resources.map(({ logicalId }) => logicalId);

  expect(ids.filter((id) => /Activity/.test(id))).toEqual([]);
  expect(variablesOf('').AGENT_ACTIVITY).toBe('off');
});

test('with a stream, the stack has the function, its role, logs, queue, and alarms, and extension-transfer reads statuses', () => {
  const ids = template(STREAM).resources.map(({ logicalId }) => logicalId);

  expect(ids.filter((id) => /Activity/.test(id)).sort()).toEqual([
    'ActivityDeadLettersAlarm',
    'ActivityLagAlarm',
    'AgentActivityDeadLetters',
    'AgentActivityFunction',
    'AgentActivityLogs',
    'AgentActivityRole',
  ]);
  expect(variablesOf(STREAM).AGENT_ACTIVITY).toBe('on');
});

test('a record that cannot be stored is retried a few times, alone, and its position goes to a queue', () => {
  const events = objectAt(evaluatedPropertiesOf('AgentActivityFunction'), 'Events');

  expect(objectAt(events, 'AgentEvents')).toMatchObject({
    Type: 'Kinesis',
    Properties: {
      StartingPosition: 'LATEST',
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 3600,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: { OnFailure: { Type: 'SQS', Destination: expect.stringContaining('DeadLetters') } },
    },
  });
});

test('agent-activity reads only that stream, and deletes nothing', () => {
  const statements = statementsOf('AgentActivityRole');
  const kinesis = statements.filter(({ actions }) => actions.some((action) => action.startsWith('kinesis:')));

  expect(kinesis.flatMap(({ resources: on }) => on)).toEqual([
    expect.stringMatching(/^arn:aws:kinesis:.*:stream\//),
  ]);
  expect(statements.flatMap(({ actions }) => actions).join()).not.toMatch(/Delete|Scan|kinesis:Put/);
});
