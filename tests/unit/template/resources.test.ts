import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, objectAt } from '../../../local/template/index.ts';
import { ofType, resources, root, text, written } from './support.ts';

/** What the Serverless Application Repository accepts of what we may want; AWS::IAM::Role asks for CAPABILITY_IAM. */
const PUBLISHABLE =
  /^AWS::(Serverless::(Function|Api|HttpApi|LayerVersion|SimpleTable|StateMachine)|DynamoDB::Table|Events::Rule|Lambda::(Permission|EventSourceMapping|Alias|Version|EventInvokeConfig)|SQS::Queue|SNS::\w+|KMS::(Key|Alias)|SSM::Parameter|CloudWatch::(Alarm|Dashboard)|Logs::LogGroup|S3::Bucket|StepFunctions::StateMachine|ApiGateway::\w+|CloudFormation::CustomResource|Kinesis::Stream|IAM::Role)$/;

const ids = Object.keys(resources);
const lines = text.split('\n');
const section = (name: string) => {
  const start = lines.indexOf(`${name}:`);
  const end = lines.findIndex((line, at) => at > start && /^\w/.test(line));
  return { start, end: end < 0 ? lines.length : end };
};

test.each(ids)('%s is of a type that the repository publishes', (id) => {
  expect(objectAt(resources, id).Type).toMatch(PUBLISHABLE);
});

test.each(ids)('%s has a line above it that says what it is for', (id) => {
  const { start, end } = section('Resources');
  const at = lines.findIndex((line, index) => index > start && index < end && line === `  ${id}:`);

  expect(lines[at - 1]).toMatch(/^ {2}# \S.*\.$/);
});

test('what is not stated by the repository as allowed is not used: sources of schedules, transforms, function URLs', () => {
  expect(written.Transform).toBe('AWS::Serverless-2016-10-31');
  expect(text).not.toMatch(/ScheduleV2|FunctionUrlConfig|SnapStart|Connectors:|RetryPolicy:/);
});

test('every parameter says what it is and what it must look like', () => {
  for (const [name, parameter] of Object.entries(objectAt(written, 'Parameters'))) {
    expect(objectAt({ [name]: parameter }, name)).toMatchObject({
      Description: expect.stringMatching(/\.$/),
    });
    const limits = ['AllowedPattern', 'AllowedValues', 'MinValue', 'MaxValue'];
    expect(limits.some((limit) => isObject(parameter) && limit in parameter)).toBe(true);
  }
});

test('what an operator chooses is a parameter', () => {
  expect(Object.keys(objectAt(written, 'Parameters'))).toEqual(
    expect.arrayContaining([
      'ConnectInstanceArn',
      'ExtensionRange',
      'DefaultCountry',
      'SyncSchedule',
      'QuarantineDays',
      'Stage',
    ]),
  );
});

describe.each(ofType('AWS::DynamoDB::Table').map(([id, ...rest]) => ({ id, rest })))('$id', ({ rest }) => {
  const [properties, resource] = rest;

  test('is billed by use, backed up, protected and encrypted with a KMS key', () => {
    expect(properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  test('outlives the stack, and has no fixed name, so that an update may replace it', () => {
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(properties).not.toHaveProperty('TableName');
  });
});

test('the key from which everything is derived outlives the stack', () => {
  const keys = ofType('AWS::KMS::Key');

  expect(keys.length).toBeGreaterThan(0);
  for (const [, properties, resource] of keys) {
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(properties).toMatchObject({ KeySpec: 'HMAC_512', KeyUsage: 'GENERATE_VERIFY_MAC' });
  }
});

test.each(ofType('AWS::SQS::Queue').map(([id]) => id))('%s is encrypted and watched by an alarm', (id) => {
  const watched = ofType('AWS::CloudWatch::Alarm').filter(
    ([, properties]) =>
      properties.MetricName === 'ApproximateNumberOfMessagesVisible' &&
      JSON.stringify(properties.Dimensions).includes(`"${id}"`),
  );

  expect(watched).toHaveLength(1);
  expect(objectAt(objectAt(resources, id), 'Properties')).toMatchObject({ SqsManagedSseEnabled: true });
});

test.each(ofType('AWS::CloudWatch::Alarm').map(([id]) => id))(
  '%s says what happened and what to do',
  (id) => {
    const properties = objectAt(objectAt(resources, id), 'Properties');

    expect(properties.AlarmDescription).toMatch(/\. .*docs\/operations\.md\.$|; see docs\/operations\.md\.$/);
    expect(['notBreaching', 'ignore']).toContain(properties.TreatMissingData);
  },
);

test('every log group ends after the chosen time', () => {
  for (const [, properties] of ofType('AWS::Logs::LogGroup')) {
    expect(properties.RetentionInDays).toEqual({ Ref: 'LogRetentionDays' });
  }
});

test('the API is not traced, because a trace holds whole URLs, and with them the ids of contacts', () => {
  for (const [, properties] of ofType('AWS::Serverless::Api')) expect(properties.TracingEnabled).toBe(false);
});

test('every metric of ours that an alarm watches is one that the code publishes', () => {
  const sources = readdirSync(join(root, 'layers/core/src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(root, 'layers/core/src', file), 'utf8'))
    .join('');

  const ours = ofType('AWS::CloudWatch::Alarm')
    .filter(([, { Namespace }]) => Namespace === 'Switchboard')
    .map(([, { MetricName }]) => `'${MetricName}'`);
  expect(ours.filter((name) => !sources.includes(name))).toEqual([]);
});
