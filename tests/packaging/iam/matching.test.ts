import { type RecordedRequest, rightsFor } from '#support/iam/calls.ts';
import { compareRights, grantsOf } from '#support/iam/rights.ts';
import type { JsonObject } from '#tools/json.ts';

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

  describe('on items of some keys', () => {
    const put = { action: 'dynamodb:PutItem', resource: TABLE };
    const statement = {
      Effect: 'Allow',
      Action: 'dynamodb:PutItem',
      Resource: TABLE,
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['TO#*', 'OPTOUT#*'] } },
    };
    const roleWith = (Statement: JsonObject) => ({
      id: 'Role',
      type: 'AWS::IAM::Role',
      properties: { Policies: [{ PolicyDocument: { Statement: [Statement] } }] },
    });

    test('is one right for each pattern', () => {
      expect(grantsOf(roleWith(statement))).toEqual([
        { ...put, leadingKey: 'TO#*' },
        { ...put, leadingKey: 'OPTOUT#*' },
      ]);
    });

    test.each([
      ['an item of such a key', { ...put, leadingKey: 'TO#abc' }, true],
      ['an item of another key', { ...put, leadingKey: 'TEMPLATE#TO#' }, false],
      ['an item of no known key', put, false],
    ])('covers %s: %p', (_, right, covered) => {
      const { notGranted } = compareRights([{ ...put, leadingKey: 'TO#*' }], [right]);
      expect(notGranted).toEqual(covered ? [] : [right]);
    });

    test.each([
      ['for a request without a key', { Action: 'dynamodb:Scan' }],
      ['for another service', { Action: 'kms:GenerateMac' }],
      ['of another kind', { Condition: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': ['TO#*'] } } }],
      [
        'beside another one',
        { Condition: { ...statement.Condition, Bool: { 'aws:SecureTransport': 'true' } } },
      ],
      [
        'with another key of IAM',
        {
          Condition: {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['TO#*'], 'dynamodb:Attributes': ['pk'] },
          },
        },
      ],
    ])('is refused %s', (_, parts) => {
      expect(() => grantsOf(roleWith({ ...statement, ...parts }))).toThrow(/not a plain Allow/);
    });
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

  test('to write an item the right on its partition, alone and in a transaction', () => {
    const Put = { TableName: 'DirectoryTable', Item: { pk: { S: 'TO#abc' }, sk: { S: 'x' } } };
    const Delete = { TableName: 'DirectoryTable', Key: { id: { S: 'sms#1' } } };

    const single = rightsFor(request('dynamodb', { target: 'DynamoDB_20120810.PutItem' }, Put));
    const transacted = rightsFor(
      request(
        'dynamodb',
        { target: 'DynamoDB_20120810.TransactWriteItems' },
        { TransactItems: [{ Put }, { Delete }] },
      ),
    );

    expect(single).toMatchObject([{ leadingKey: 'TO#abc' }]);
    expect(transacted).toMatchObject([{ leadingKey: 'TO#abc' }, { leadingKey: 'sms#1' }]);
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
