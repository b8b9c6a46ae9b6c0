import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import event from '#events/phonebook-api.json';
import { awsError } from '#support/contacts.ts';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/phonebook-api.json
const dynamodb = mockClient(DynamoDBDocumentClient);

const handler = loadHandler<APIGatewayProxyResult, APIGatewayProxyEvent>('phonebook-api');

beforeEach(() => dynamodb.reset());

async function call(parts: Partial<APIGatewayProxyEvent> = {}) {
  const { statusCode, body } = await handler({ ...event, ...parts } as APIGatewayProxyEvent);
  return { status: statusCode, body: JSON.parse(body) };
}

it('finds the number that its fixture asks for, with one read of one item', async () => {
  const Key = { pk: 'NUMBER#+16135550100', sk: 'NUMBER' };
  dynamodb.on(GetCommand, { TableName: 'directory', Key }).resolves({ Item: { ...Key, state: 'UNUSED' } });

  expect(await call()).toEqual({ status: 200, body: { exists: true } });
  expect(dynamodb.calls()).toHaveLength(1);
  expect(dynamodb.call(0).args[0].input).not.toMatchObject({ ConsistentRead: true });
});

it('answers 503 when the table does not', async () => {
  dynamodb.on(GetCommand).rejects(awsError('InternalServerError'));

  expect(await call()).toMatchObject({ status: 503, body: { error: { code: 'UNAVAILABLE' } } });
});
