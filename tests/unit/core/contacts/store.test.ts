import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { type ContactStore, deleteContact } from '#core/contacts/store.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';

test('a membership that is written while its contact is deleted does not outlive the contact', async () => {
  const dynamodb = mockClient(DynamoDBDocumentClient);
  const item = (sk: string) => ({ pk: 'CONTACT#jane', sk });
  dynamodb.on(DeleteCommand).resolves({});
  dynamodb.on(BatchWriteCommand).resolves({});
  dynamodb
    .on(QueryCommand)
    .resolvesOnce({ Items: [item('AUDIENCE#vip')] })
    .resolvesOnce({ Items: [item('AUDIENCE#churn')] })
    .resolves({ Items: [] });
  const store = { client: documentClient(), contacts: 'contacts' } as ContactStore;

  expect(await deleteContact(store, 'jane')).toBe(true);

  const deleted = dynamodb
    .commandCalls(BatchWriteCommand)
    .flatMap(({ args: [{ input }] }) => input.RequestItems?.contacts ?? [])
    .map(({ DeleteRequest }) => DeleteRequest?.Key?.sk);
  expect(deleted).toEqual(['AUDIENCE#vip', 'AUDIENCE#churn']);
});
