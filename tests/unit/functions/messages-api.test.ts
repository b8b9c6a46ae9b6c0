import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import event from '#events/messages-api.json';
import { awsError } from '#support/contacts.ts';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/messages-api.json
const kms = mockClient(KMSClient);
const dynamodb = mockClient(DynamoDBDocumentClient);

const handler = loadHandler<APIGatewayProxyResult, APIGatewayProxyEvent>('messages-api');

const number = { pk: 'NUMBER#+16135550100', sk: 'NUMBER' };

beforeEach(() => {
  kms.reset();
  dynamodb.reset();
  kms.on(GenerateMacCommand).resolves({ Mac: Buffer.alloc(64, 1) });
  dynamodb
    .on(GetCommand, { TableName: 'directory' })
    .resolves({ Item: { ...number, pool: 'direct', state: 'ASSIGNED', agentId: 'agent-1' } });
  dynamodb.on(QueryCommand, { TableName: 'lookup' }).resolves({ Items: [{ sk: 'C-1' }] });
});

async function call(parts: Partial<APIGatewayProxyEvent> = {}) {
  const { statusCode, body } = await handler({ ...event, ...parts } as APIGatewayProxyEvent);
  return { status: statusCode, body: JSON.parse(body) };
}

it('accepts the message of its fixture', async () => {
  dynamodb.on(TransactWriteCommand).resolves({});

  expect(await call()).toEqual({
    status: 200,
    body: {
      sent: true,
      messageId: expect.stringMatching(/^[0-9A-Z]{26}\.[\w-]{43}$/),
      duplicate: false,
      segments: 1,
      encoding: 'GSM-7',
    },
  });
});

it('accepts nothing when the table does not answer', async () => {
  dynamodb.on(TransactWriteCommand).rejects(awsError('InternalServerError'));

  expect(await call()).toMatchObject({ status: 503, body: { error: { code: 'UNAVAILABLE' } } });
});
