import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import event from '#events/flow-sms.json';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/flow-sms.json
const kms = mockClient(KMSClient);
const dynamodb = mockClient(DynamoDBDocumentClient);

const handler = loadHandler<Record<string, string>>('flow-sms');

beforeEach(() => {
  kms.reset();
  dynamodb.reset();
  kms.on(GenerateMacCommand).resolves({ Mac: Buffer.alloc(64, 1) });
  dynamodb.on(GetCommand, { TableName: 'directory' }).resolves({
    Item: { pk: 'NUMBER#+18005550199', sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'a' },
  });
  dynamodb
    .on(GetCommand, { TableName: 'messages' })
    .resolves({ Item: { texts: { en: '{{agent}} will call you back.' } } });
  dynamodb.on(TransactWriteCommand).resolves({});
});

it('texts the caller, in one transaction', async () => {
  expect(await handler(event)).toEqual({
    status: 'ACCEPTED',
    messageId: expect.stringMatching(/^[0-9A-Z]{26}\.[\w-]{43}$/),
    segments: '1',
    language: 'en',
  });
  expect(dynamodb.commandCalls(TransactWriteCommand)).toHaveLength(1);
});

it('says what the block got wrong, and reads nothing', async () => {
  const { Parameters: _, ...details } = event.Details;

  expect(await handler({ ...event, Details: details })).toEqual({
    status: 'INVALID',
    message: expect.stringMatching(/^The parameter block is missing/),
  });
  expect(dynamodb.calls()).toHaveLength(0);
});
