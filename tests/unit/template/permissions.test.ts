import { root } from '#support/root.ts';
import { functionIds, list, ofType, type Statement, statementsOf } from '#support/template.ts';
import { objectAt } from '#tools/json.ts';
import { readTemplate } from '#tools/local/template/index.ts';

const roleIds = ofType('AWS::IAM::Role').map(([id]) => id);
const actionsOf = (roleId: string) => statementsOf(roleId).flatMap(({ actions }) => actions);
/** In IAM, these actions have no resources. */
const WITHOUT_RESOURCES = [
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'dynamodb:ListStreams',
  'ds:DescribeDirectories',
];

test('each role belongs to one function', () => {
  expect(roleIds.sort()).toEqual(functionIds.map((id) => id.replace(/Function$/, 'Role')).sort());
});

describe.each(roleIds)('%s', (roleId) => {
  test('can be assumed only by Lambda, and has no managed policy', () => {
    const [, properties] = ofType('AWS::IAM::Role').find(([id]) => id === roleId) ?? [];

    expect(properties).not.toHaveProperty('ManagedPolicyArns');
    expect(properties).toMatchObject({
      AssumeRolePolicyDocument: {
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
    });
  });

  test('names every action in full', () => {
    for (const action of actionsOf(roleId)) expect(action).toMatch(/^[a-z0-9]+:[A-Z][A-Za-z0-9]+$/);
  });

  test('names the resource of every action that has one', () => {
    const everywhere = (statement: Statement) => statement.resources.some((resource) => resource === '*');

    for (const statement of statementsOf(roleId).filter(everywhere)) {
      expect(WITHOUT_RESOURCES).toEqual(expect.arrayContaining(statement.actions));
    }
  });

  test('writes to its own log group only', () => {
    const logs = statementsOf(roleId).filter(({ actions }) => actions.includes('logs:PutLogEvents'));

    expect(logs.flatMap(({ resources }) => resources)).toEqual([
      expect.stringContaining(roleId.replace(/Role$/, 'Logs')),
    ]);
  });

  test('never scans a table', () => {
    expect(actionsOf(roleId)).not.toContain('dynamodb:Scan');
  });
});

test('contact-indexer has no rights on keys, so it cannot decrypt contacts', () => {
  expect(actionsOf('ContactIndexerRole').filter((action) => action.startsWith('kms:'))).toEqual([]);
});

test('the functions that contact flows invoke only read, except flow-sms', () => {
  for (const roleId of ['CallerLookupRole', 'ExtensionTransferRole', 'NameDirectoryRole']) {
    for (const action of actionsOf(roleId).filter((name) => name.startsWith('dynamodb:'))) {
      expect(action).toMatch(/^dynamodb:(GetItem|BatchGetItem|Query)$/);
    }
  }
});

test('only functions that decrypt contacts or hash identifiers can derive keys', () => {
  const deriving = roleIds.filter((roleId) => actionsOf(roleId).includes('kms:GenerateMac'));

  expect(deriving.sort()).toEqual([
    'CallerLookupRole',
    'ContactsApiRole',
    'FlowSmsRole',
    'MessageDispatcherRole',
    'MessagesApiRole',
    'SmsInboundRole',
  ]);
});

test('only connect-setup changes Connect, and only agent-sync reads users and writes the export file', () => {
  const ofConnect = ['AgentSyncRole', 'ConnectSetupRole', 'ConnectCheckRole'];
  for (const roleId of roleIds.filter((id) => !ofConnect.includes(id))) {
    expect(actionsOf(roleId).filter((action) => /^(connect|s3):/.test(action))).toEqual([]);
  }
  expect(actionsOf('ConnectSetupRole').filter((action) => /^s3:|User/.test(action))).toEqual([]);
  expect(
    actionsOf('ConnectCheckRole').filter(
      (action) => !/^(connect:(Describe|List|Search)|ds:|logs:|xray:)/.test(action),
    ),
  ).toEqual([]);
  const s3 = statementsOf('AgentSyncRole').filter(({ actions }) => actions.includes('s3:PutObject'));
  expect(s3).toEqual([
    { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::agents-export/agent_extensions.csv'] },
  ]);
});

const POOL = 'arn:aws:sms-voice:eu-central-1:111122223333:pool/pool-0123456789abcdef0123456789abcdef';

test.each([
  ['nothing', '', []],
  [
    'the numbers of the account',
    'FROM_NUMBER',
    ['arn:aws:sms-voice:eu-central-1:111122223333:phone-number/*'],
  ],
  ['the one pool that is configured', POOL, [POOL]],
])('the dispatcher may send from %s', (_, SmsOriginationIdentity, expected) => {
  const template = readTemplate(root, { parameters: { SmsOriginationIdentity } });
  const role = template
    .ofType('AWS::IAM::Role')
    .find(({ logicalId }) => logicalId === 'MessageDispatcherRole');
  const statements = list(role?.properties.Policies).flatMap((policy) =>
    list(objectAt(objectAt({ policy }, 'policy'), 'PolicyDocument').Statement),
  );

  expect(
    statements
      .map((statement) => objectAt({ statement }, 'statement'))
      .filter(({ Action }) => Action === 'sms-voice:SendTextMessage')
      .map(({ Resource }) => Resource),
  ).toEqual(expected);
});
