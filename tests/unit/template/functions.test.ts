import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCEPT_SETTINGS } from '#core/messages/create-messages.ts';
import { settings } from '#core/platform/env.ts';
import { root } from '#support/root.ts';
import {
  evaluatedPropertiesOf,
  folderOf,
  functionFolders,
  functionIds,
  list,
  ofType,
  propertiesOf,
} from '#support/template.ts';
import { objectAt } from '#tools/json.ts';

/** Powertools and Node.js read these. */
const READ_BY_OTHERS = [
  'POWERTOOLS_SERVICE_NAME',
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_LOG_LEVEL',
  'NODE_OPTIONS',
];
const FLOW_FUNCTIONS = [
  'CallerLookupFunction',
  'ExtensionTransferFunction',
  'NameDirectoryFunction',
  'FlowSmsFunction',
];

const sourceOf = (folder: string) => readFileSync(join(root, 'functions', folder, 'index.ts'), 'utf8');
const variablesOf = (id: string) =>
  Object.keys(objectAt(objectAt(evaluatedPropertiesOf(id), 'Environment'), 'Variables')).filter(
    (name) => !READ_BY_OTHERS.includes(name),
  );
const namesReadBy = (folder: string) =>
  [...sourceOf(folder).matchAll(/readEnv\(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names === '...ACCEPT_SETTINGS'
      ? ACCEPT_SETTINGS
      : [...names.matchAll(/'(\w+)'/g)].map(([, name]) => name),
  );

test('each function has a folder, and each folder has a function', () => {
  expect(functionIds.map(folderOf).sort()).toEqual([...functionFolders].sort());
});

describe.each(functionIds.map((id) => [id, folderOf(id)]))('%s', (id, folder) => {
  const name = id.replace(/Function$/, '');

  test('has a folder, an event, and a test that uses the event', () => {
    expect(propertiesOf(id).CodeUri).toBe(`dist/functions/${folder}`);
    expect(existsSync(join(root, `events/${folder}.json`))).toBe(true);
    expect(existsSync(join(root, `tests/unit/functions/${folder}.test.ts`))).toBe(true);
    expect(readFileSync(join(root, `tests/unit/functions/${folder}.test.ts`), 'utf8')).toContain(
      `events/${folder}.json`,
    );
  });

  test('is an adapter: at most 25 lines, no try, no process.env', () => {
    expect(sourceOf(folder).split('\n').length).toBeLessThanOrEqual(25);
    expect(sourceOf(folder)).not.toMatch(/\btry\b\s*\{|process\.env/);
  });

  test('has its own role and its own log group', () => {
    expect(propertiesOf(id).Role).toEqual({ 'Fn::GetAtt': [`${name}Role`, 'Arn'] });
    expect(propertiesOf(id).LoggingConfig).toEqual({
      LogFormat: 'JSON',
      LogGroup: { Ref: `${name}Logs` },
    });
    expect(ofType('AWS::Logs::LogGroup').map(([logs]) => logs)).toContain(`${name}Logs`);
  });

  test('uses the layer, tracing, and the tested runtime', () => {
    expect(evaluatedPropertiesOf(id)).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Tracing: 'Active',
      Architectures: ['arm64'],
    });
    expect(list(evaluatedPropertiesOf(id).Layers)).toHaveLength(1);
  });

  test('gets exactly the settings that its code reads', () => {
    expect(variablesOf(id).sort()).toEqual(namesReadBy(folder).sort());
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(variablesOf(id)));
  });
});

test('every setting is used by a function', () => {
  const given = new Set(functionIds.flatMap(variablesOf));

  expect(Object.keys(settings).filter((name) => !given.has(name))).toEqual([]);
});

describe.each(FLOW_FUNCTIONS)('%s, which contact flows invoke,', (id) => {
  test('ends before the block of the flow', () => {
    expect(propertiesOf(id).Timeout).toBe(7);
    expect(evaluatedPropertiesOf(id).Tracing).toBe('Active');
  });

  test('can be invoked only by the instance', () => {
    const permissions = ofType('AWS::Lambda::Permission').filter(
      ([, { FunctionName }]) => JSON.stringify(FunctionName) === JSON.stringify({ Ref: id }),
    );

    expect(permissions.map(([, properties]) => properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: id },
        Principal: 'connect.amazonaws.com',
        SourceArn: { Ref: 'ConnectInstanceArn' },
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    ]);
  });
});

test('Connect can invoke no other function', () => {
  const invoked = ofType('AWS::Lambda::Permission').map(([, { FunctionName }]) => FunctionName);

  expect(invoked).toEqual(FLOW_FUNCTIONS.map((id) => ({ Ref: id })));
});

test('every asynchronous event has a dead-letter queue', () => {
  for (const id of functionIds) {
    for (const event of Object.values(objectAt(propertiesOf(id), 'Events'))) {
      const { Type, Properties } = event as { Type: string; Properties: Record<string, unknown> };
      if (Type === 'Schedule' || Type === 'EventBridgeRule' || Type === 'SNS') {
        expect(propertiesOf(id)).toHaveProperty('DeadLetterQueue');
      }
      if (Type === 'DynamoDB' || Type === 'Kinesis')
        expect(Properties).toHaveProperty('DestinationConfig.OnFailure');
    }
  }
});
