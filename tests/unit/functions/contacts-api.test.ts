import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import event from '#events/contacts-api.json';
import { awsError, testKeyring } from '#support/contacts.ts';
import { storedContact } from '#support/fake-lookup.ts';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/contacts-api.json
const kms = mockClient(KMSClient);
const dynamodb = mockClient(DynamoDBDocumentClient);

const handler = loadHandler<APIGatewayProxyResult, APIGatewayProxyEvent>('contacts-api');

beforeEach(() => {
  kms.reset();
  dynamodb.reset();
  kms.on(GenerateMacCommand).resolves({ Mac: Buffer.alloc(64, 1) });
});

async function call(parts: Partial<APIGatewayProxyEvent> = {}) {
  const { statusCode, body } = await handler({ ...event, ...parts } as APIGatewayProxyEvent);
  return { status: statusCode, body: body ? JSON.parse(body) : undefined };
}

it('looks up whom its fixture asks for', async () => {
  const jane = storedContact(testKeyring(), 'C-1', { firstName: 'Jane', identifiers: ['+14155550100'] });
  dynamodb.on(QueryCommand, { TableName: 'lookup' }).resolves({ Items: [{ sk: 'C-1' }] });
  dynamodb.on(QueryCommand, { TableName: 'contacts' }).resolves({ Items: [{ ...jane }] });

  expect(await call()).toMatchObject({
    status: 200,
    body: { status: 'FOUND', matches: 1, contacts: [{ contactId: 'C-1', firstName: 'Jane' }] },
  });
});

it('takes a body in base64 for what it stands for', async () => {
  dynamodb.on(UpdateCommand).resolves({ Attributes: { version: 1 } });
  const body = Buffer.from('{"firstName":"Zoë"}').toString('base64');

  expect(await call({ httpMethod: 'PUT', path: '/contacts/C-1', body, isBase64Encoded: true })).toEqual({
    status: 200,
    body: { contactId: 'C-1', version: 1 },
  });
});

it('says that it is not well when a table does not answer', async () => {
  dynamodb.on(GetCommand).rejects(awsError('InternalServerError'));
  expect(await call({ httpMethod: 'GET', path: '/health', body: null })).toMatchObject({
    status: 503,
    body: { status: 'failing', checks: { keys: 'ok' } },
  });
});
