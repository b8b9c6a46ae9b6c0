import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLISHABLE_TYPES } from '#support/publishable-types.ts';
import { root } from '#support/root.ts';
import { ofType, resources, text, written } from '#support/template.ts';
import { isObject, objectAt } from '#tools/json.ts';

const ids = Object.keys(resources);
const lines = text.split('\n');
const section = (name: string) => {
  const start = lines.indexOf(`${name}:`);
  const end = lines.findIndex((line, at) => at > start && /^\w/.test(line));
  return { start, end: end < 0 ? lines.length : end };
};

test.each(ids)('%s is of a type that the repository publishes', (id) => {
  expect([...PUBLISHABLE_TYPES]).toContain(objectAt(resources, id).Type);
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

test('whoever enters what no pattern allows is told what would be, with an example, instead of the pattern', () => {
  for (const [name, parameter] of Object.entries(objectAt(written, 'Parameters'))) {
    if (!isObject(parameter) || !('AllowedPattern' in parameter)) continue;
    const { ConstraintDescription } = parameter;
    expect(`${name} ${ConstraintDescription}`).toMatch(/^\w+ must (be|look) /);
    expect(`${name} ${ConstraintDescription}`).toMatch(/such as|look like|not its digits/);
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

test('an upgrade replaces no table: their names in the template and their keys stay what they were', () => {
  const keys = [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ];
  const tables = Object.fromEntries(ofType('AWS::DynamoDB::Table').map(([id, table]) => [id, table]));

  for (const id of ['DirectoryTable', 'ContactsTable', 'LookupTable', 'MessagesTable']) {
    expect(tables[id]).toMatchObject({ KeySchema: keys });
    expect(tables[id]).not.toHaveProperty('LocalSecondaryIndexes');
    expect(tables[id]).not.toHaveProperty('ImportSourceSpecification');
  }
  expect(tables.IdempotencyTable).toMatchObject({ KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] });
  expect(ofType('AWS::KMS::Key').map(([id]) => id)).toEqual(['RootKey']);
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
    // That nothing is heard of a sync is what its alarm is about.
    const expected = id === 'SyncOverdueAlarm' ? ['breaching'] : ['notBreaching', 'ignore'];
    expect(expected).toContain(properties.TreatMissingData);
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

test('the setup of Connect runs again with every version of the layer, which the flows are a part of', () => {
  expect(objectAt(objectAt(resources, 'ConnectSetup'), 'Properties').Revision).toEqual({ Ref: 'CoreLayer' });
  const build = readFileSync(join(root, 'layers/core/src/flows/shipped.ts'), 'utf8');
  for (const flow of readdirSync(join(root, 'flows')).filter(
    (name) => name.endsWith('.json') && name !== 'package.json',
  )) {
    expect(build).toContain(`@switchboard/flows/${flow}' with { type: 'json' }`);
  }
});

test.each(['ConnectSetup', 'ConnectCheck'])(
  'CloudFormation waits for %s no longer than its function may be tried',
  (name) => {
    const { ServiceTimeout } = objectAt(objectAt(resources, name), 'Properties');
    const { Timeout, EventInvokeConfig } = objectAt(objectAt(resources, `${name}Function`), 'Properties');
    const tries = 1 + Number(objectAt({ EventInvokeConfig }, 'EventInvokeConfig').MaximumRetryAttempts);

    expect(Number(ServiceTimeout)).toBeGreaterThanOrEqual(Number(Timeout) * tries + 60 + 120);
    expect(Number(ServiceTimeout)).toBeLessThan(3600);
  },
);

test('what outlives the stack is made after the settings were looked at', () => {
  const kept = Object.values(resources).filter((one) => isObject(one) && one.DeletionPolicy === 'Retain');

  expect(kept).toHaveLength(6);
  for (const one of kept) expect(one).toMatchObject({ DependsOn: 'ConnectCheck' });
});

test('each output of the setup is one that its answer has', () => {
  const source = readFileSync(join(root, 'layers/core/src/deployment/install.ts'), 'utf8');
  const outputs = [...text.matchAll(/!GetAtt ConnectSetup\.(\w+)/g)].map(([, name]) => name);

  expect(outputs.length).toBeGreaterThan(0);
  for (const name of outputs) expect(source).toMatch(new RegExp(`^ {2}${name}: string;$`, 'm'));
});
