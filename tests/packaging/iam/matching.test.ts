import { type RecordedRequest, rightsFor } from '../../support/iam/calls.ts';
import { compareRights, grantsOf } from '../../support/iam/rights.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:111122223333:table/DirectoryTable';
const INSTANCE = 'arn:aws:connect:eu-central-1:111122223333:instance/10ca1000-5017-4b0a-8d00-000000000001';

function request(
  service: string,
  parts: Partial<Record<'method' | 'path' | 'target', string>>,
  body: object = {},
) {
  const { method = 'POST', path = '/', target = '' } = parts;
  const url = new URL(path, 'http://127.0.0.1');
  return { service, method, target, url, body: Buffer.from(JSON.stringify(body)) } satisfies RecordedRequest;
}

describe('a grant', () => {
  const query = { action: 'dynamodb:Query', resource: `${TABLE}/index/AssignmentIndex` };

  test.each([
    ['the same', query, true],
    ['the action in other letters', { ...query, action: 'dynamodb:query' }, true],
    ['a pattern that ends open', { ...query, resource: `${TABLE}/index/*` }, true],
    ['a pattern with one character open', { ...query, resource: `${TABLE}/index/AssignmentInde?` }, true],
    ['the table instead of its index', { ...query, resource: TABLE }, false],
    ['another action', { ...query, action: 'dynamodb:GetItem' }, false],
    ['an action that only begins like it', { ...query, action: 'dynamodb:QueryMore' }, false],
    ['a resource that only begins like it', { ...query, resource: `${query.resource}es` }, false],
    ['a dot, which is no pattern', { ...query, resource: query.resource.replace('A', '.') }, false],
  ])('covers a use when it names %s: %p', (_, grant, covered) => {
    expect(compareRights([grant], [query])).toEqual(
      covered ? { notGranted: [], notUsed: [] } : { notGranted: [query], notUsed: [grant] },
    );
  });

  test('counts once for each action and each resource', () => {
    const Statement = [{ Effect: 'Allow', Action: ['a:B', 'a:C'], Resource: ['x', 'y'] }];
    const properties = { Policies: [{ PolicyDocument: { Statement } }] };

    expect(grantsOf({ id: 'Role', type: 'AWS::IAM::Role', properties })).toHaveLength(4);
  });

  test.each([
    ['a condition', { Effect: 'Allow', Action: 'a:B', Resource: 'x', Condition: {} }],
    ['all actions but some', { Effect: 'Allow', NotAction: 'a:B', Resource: 'x' }],
    ['a refusal', { Effect: 'Deny', Action: 'a:B', Resource: 'x' }],
  ])('is refused with %s, which nobody here can weigh', (_, statement) => {
    const properties = { Policies: [{ PolicyDocument: { Statement: [statement] } }] };

    expect(() => grantsOf({ id: 'Role', type: 'AWS::IAM::Role', properties })).toThrow(/not a plain Allow/);
  });
});

describe('a request needs', () => {
  test('the right on the table, whatever the test calls it', () => {
    const TableName = 'DirectoryTable-01234567-89ab-cdef-0123-456789abcdef';

    expect(rightsFor(request('dynamodb', { target: 'DynamoDB_20120810.GetItem' }, { TableName }))).toEqual([
      { action: 'dynamodb:GetItem', resource: TABLE },
    ]);
  });

  test('the right on the index when it reads one', () => {
    const body = { TableName: 'DirectoryTable', IndexName: 'AssignmentIndex' };

    expect(rightsFor(request('dynamodb', { target: 'DynamoDB_20120810.Query' }, body))).toEqual([
      { action: 'dynamodb:Query', resource: `${TABLE}/index/AssignmentIndex` },
    ]);
  });

  test('for a transaction the rights of its single actions', () => {
    const TableName = 'DirectoryTable';
    const TransactItems = [
      { Put: { TableName } },
      { Delete: { TableName } },
      { ConditionCheck: { TableName } },
    ];

    const rights = rightsFor(
      request('dynamodb', { target: 'DynamoDB_20120810.TransactWriteItems' }, { TransactItems }),
    );

    expect(rights.map(({ action }) => action)).toEqual([
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ]);
  });

  test('for a batch the right on each table', () => {
    const RequestItems = { DirectoryTable: {}, ContactsTable: {} };

    const rights = rightsFor(
      request('dynamodb', { target: 'DynamoDB_20120810.BatchGetItem' }, { RequestItems }),
    );

    expect(rights.map(({ resource }) => resource)).toEqual([TABLE, TABLE.replace('Directory', 'Contacts')]);
  });

  test('for a user of Connect the right on that user, and for a search the one on the instance', () => {
    const id = INSTANCE.split('/').at(-1);

    expect(rightsFor(request('connect', { method: 'GET', path: `/users/${id}/u1` }))).toEqual([
      { action: 'connect:DescribeUser', resource: `${INSTANCE}/agent/u1` },
    ]);
    expect(rightsFor(request('connect', { path: '/search-users' }, { InstanceId: INSTANCE }))).toEqual([
      { action: 'connect:SearchUsers', resource: INSTANCE },
    ]);
  });

  test('for an object the right on that object', () => {
    expect(rightsFor(request('s3', { method: 'PUT', path: '/_s3/exports/agent_extensions.csv' }))).toEqual([
      { action: 's3:PutObject', resource: 'arn:aws:s3:::exports/agent_extensions.csv' },
    ]);
  });

  test('somebody to look it up when it is of a kind that is not known', () => {
    expect(() => rightsFor(request('athena', {}))).toThrow(/athena/);
    expect(() => rightsFor(request('connect', { path: '/nowhere' }))).toThrow(/No operation of Connect/);
    expect(() => rightsFor(request('lambda', { method: 'GET', path: '/2015-03-31/functions' }))).toThrow(
      /Lambda/,
    );
  });
});
