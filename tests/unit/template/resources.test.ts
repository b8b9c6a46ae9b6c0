import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLISHABLE_TYPES } from '#support/publishable-types.ts';
import { root } from '#support/root.ts';
import { functionIds, ofType, resources, text, written } from '#support/template.ts';
import { isObject, objectAt } from '#tools/json.ts';

const ids = Object.keys(resources);
const lines = text.split('\n');
const section = (name: string) => {
  const start = lines.indexOf(`${name}:`);
  const end = lines.findIndex((line, at) => at > start && /^\w/.test(line));
  return { start, end: end < 0 ? lines.length : end };
};

test.each(ids)('the repository accepts the type of %s', (id) => {
  expect([...PUBLISHABLE_TYPES]).toContain(objectAt(resources, id).Type);
});

const { start: resourcesStart, end: resourcesEnd } = section('Resources');
const lineOf = (id: string) =>
  lines.findIndex((line, at) => at > resourcesStart && at < resourcesEnd && line === `  ${id}:`);
/** A role, a log group, or a permission follows its function, whose comment is for all of them. */
const COMPANIONS = ['Role', 'Logs', 'ConnectPermission', 'DeadLetters'];
const companionsOf = (functionId: string) =>
  COMPANIONS.map((suffix) => functionId.replace(/Function$/, suffix)).filter((id) => ids.includes(id));
const uncommented = functionIds.flatMap(companionsOf).filter((id) => !id.endsWith('DeadLetters'));

test.each(ids.filter((id) => !uncommented.includes(id)))(
  '%s has a comment above it that states its purpose',
  (id) => expect(lines[lineOf(id) - 1]).toMatch(/^ {2}# \S.*\.$/),
);

test.each(functionIds)('%s is followed by its role, log group, permission, and dead-letter queue', (id) => {
  const places = [id, ...companionsOf(id)].map((each) => ids.indexOf(each));

  expect(places).toEqual(places.toSorted((a, b) => a - b));
  const between = ids.slice(places[0], places.at(-1)).filter((each) => functionIds.includes(each));
  expect(between).toEqual([id]);
});

test('the sections of the template are in their order', () => {
  const names = lines.filter((line) => /^\w+:/.test(line)).map((line) => line.replace(/:.*/, ''));

  expect(names).toEqual([
    'AWSTemplateFormatVersion',
    'Transform',
    'Description',
    'Metadata',
    'Parameters',
    'Conditions',
    'Globals',
    'Resources',
    'Outputs',
  ]);
});

test('the template uses no transforms and no features that the repository does not list', () => {
  expect(written.Transform).toBe('AWS::Serverless-2016-10-31');
  expect(text).not.toMatch(/ScheduleV2|FunctionUrlConfig|SnapStart|Connectors:|RetryPolicy:/);
});

test('every parameter has a description and constraints', () => {
  for (const [name, parameter] of Object.entries(objectAt(written, 'Parameters'))) {
    expect(objectAt({ [name]: parameter }, name)).toMatchObject({
      Description: expect.stringMatching(/\.$/),
    });
    const limits = ['AllowedPattern', 'AllowedValues', 'MinValue', 'MaxValue'];
    expect(limits.some((limit) => isObject(parameter) && limit in parameter)).toBe(true);
  }
});

test('every pattern has a constraint description with an example', () => {
  for (const [name, parameter] of Object.entries(objectAt(written, 'Parameters'))) {
    if (!isObject(parameter) || !('AllowedPattern' in parameter)) continue;
    const { ConstraintDescription } = parameter;
    expect(`${name} ${ConstraintDescription}`).toMatch(/^\w+ must (be|look) /);
    expect(`${name} ${ConstraintDescription}`).toMatch(/such as|look like|not its digits/);
  }
});

test('the choices of an administrator are parameters', () => {
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

  test('is billed per request, backed up, protected, and encrypted with a KMS key', () => {
    expect(properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  test('is kept when the stack is deleted, and has no fixed name', () => {
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(properties).not.toHaveProperty('TableName');
  });
});

test('the root key is kept when the stack is deleted', () => {
  const keys = ofType('AWS::KMS::Key');

  expect(keys.length).toBeGreaterThan(0);
  for (const [, properties, resource] of keys) {
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(properties).toMatchObject({ KeySpec: 'HMAC_512', KeyUsage: 'GENERATE_VERIFY_MAC' });
  }
});

test('an upgrade replaces no table: the logical IDs and the keys are unchanged', () => {
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
  '%s says what happened and where to read what to do',
  (id) => {
    const properties = objectAt(objectAt(resources, id), 'Properties');

    expect(properties.AlarmDescription).toMatch(/\. .*docs\/operations\.md\.$|; see docs\/operations\.md\.$/);
    // For this alarm, missing data is the fault.
    const expected = id === 'SyncOverdueAlarm' ? ['breaching'] : ['notBreaching', 'ignore'];
    expect(expected).toContain(properties.TreatMissingData);
  },
);

test('every log group has the retention of the parameter', () => {
  for (const [, properties] of ofType('AWS::Logs::LogGroup')) {
    expect(properties.RetentionInDays).toEqual({ Ref: 'LogRetentionDays' });
  }
});

test('the API is not traced, because a trace contains whole URLs, and therefore contact IDs', () => {
  for (const [, properties] of ofType('AWS::Serverless::Api')) expect(properties.TracingEnabled).toBe(false);
});

test('ConnectSetup is updated with every version of the layer, which contains the flows', () => {
  expect(objectAt(objectAt(resources, 'ConnectSetup'), 'Properties').Revision).toEqual({ Ref: 'CoreLayer' });
  const build = readFileSync(join(root, 'layers/core/src/flows/shipped.ts'), 'utf8');
  for (const flow of readdirSync(join(root, 'flows')).filter(
    (name) => name.endsWith('.json') && name !== 'package.json',
  )) {
    expect(build).toContain(`@switchboard/flows/${flow}' with { type: 'json' }`);
  }
});

test.each(['ConnectSetup', 'ConnectCheck'])(
  'CloudFormation waits for %s as long as its function can retry, but not an hour',
  (name) => {
    const { ServiceTimeout } = objectAt(objectAt(resources, name), 'Properties');
    const { Timeout, EventInvokeConfig } = objectAt(objectAt(resources, `${name}Function`), 'Properties');
    const tries = 1 + Number(objectAt({ EventInvokeConfig }, 'EventInvokeConfig').MaximumRetryAttempts);

    expect(Number(ServiceTimeout)).toBeGreaterThanOrEqual(Number(Timeout) * tries + 60 + 120);
    expect(Number(ServiceTimeout)).toBeLessThan(3600);
  },
);

test('resources that are kept are created after ConnectCheck', () => {
  const kept = Object.values(resources).filter((one) => isObject(one) && one.DeletionPolicy === 'Retain');

  expect(kept).toHaveLength(6);
  for (const one of kept) expect(one).toMatchObject({ DependsOn: 'ConnectCheck' });
});

test('each output of ConnectSetup is in its response', () => {
  const source = readFileSync(join(root, 'layers/core/src/deployment/install.ts'), 'utf8');
  const outputs = [...text.matchAll(/!GetAtt ConnectSetup\.(\w+)/g)].map(([, name]) => name);

  expect(outputs.length).toBeGreaterThan(0);
  for (const name of outputs) expect(source).toMatch(new RegExp(`^ {2}${name}: string;$`, 'm'));
});
