import { BatchGetCommand, BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import event from '#events/contact-indexer.json';
import { awsError } from '#support/contacts.ts';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/contact-indexer.json
const batch = event as DynamoDBStreamEvent;
const [hash = ''] = batch.Records[0]?.dynamodb?.NewImage?.keys?.SS ?? [];
const dynamodb = mockClient(DynamoDBDocumentClient);

const handler = loadHandler<DynamoDBBatchResponse, DynamoDBStreamEvent>('contact-indexer');

beforeEach(() => {
  dynamodb.reset();
  dynamodb
    .on(BatchGetCommand)
    .resolves({ Responses: { contacts: [{ pk: 'CONTACT#C-1', keys: new Set([hash]) }] } });
  dynamodb.on(BatchWriteCommand).resolves({});
});

it('writes the row of a new contact', async () => {
  expect(await handler(batch)).toEqual({ batchItemFailures: [] });
  expect(dynamodb.commandCalls(BatchWriteCommand).map(({ args }) => args[0].input)).toEqual([
    { RequestItems: { lookup: [{ PutRequest: { Item: { pk: hash, sk: 'C-1' } } }] } },
  ]);
});

it('names the records that failed, so that only these are delivered again', async () => {
  dynamodb.on(BatchWriteCommand).rejects(awsError('ThrottlingException'));
  expect(await handler(batch)).toEqual({ batchItemFailures: [{ itemIdentifier: '111' }] });
});
