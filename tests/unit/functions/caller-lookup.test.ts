import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import event from '#events/caller-lookup.json';
import { testKeyring } from '#support/contacts.ts';
import { storedContact } from '#support/fake-lookup.ts';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/caller-lookup.json
const kms = mockClient(KMSClient);
const dynamodb = mockClient(DynamoDBDocumentClient);
const jane = storedContact(testKeyring(), 'C-1', {
  firstName: 'Jane',
  identifiers: ['+14155550100'],
  agentId: 'agent-1',
  attributes: { tier: 'vip' },
  privateAttributes: { note: 'PRIVATE' },
});

const handler = loadHandler<Record<string, string>>('caller-lookup');

beforeEach(() => {
  kms.reset();
  dynamodb.reset();
  kms.on(GenerateMacCommand).resolves({ Mac: Buffer.alloc(64, 1) });
  dynamodb.on(QueryCommand, { TableName: 'lookup' }).resolves({ Items: [] });
  indexed('+14155550100', 'C-1');
  dynamodb.on(QueryCommand, { TableName: 'contacts' }).resolves({ Items: [{ ...jane }] });
  dynamodb.on(GetCommand).resolves({ Item: { sk: 'AGENT', agentId: 'agent-1', extension: '1042' } });
});

function indexed(identifier: string, contactId: string) {
  const ExpressionAttributeValues = { ':hash': testKeyring().hash(identifier) };
  dynamodb
    .on(QueryCommand, { TableName: 'lookup', ExpressionAttributeValues })
    .resolves({ Items: [{ sk: contactId }] });
}

const eventWith = (endpoint: object | null, Parameters: object = {}) => ({
  ...event,
  Details: { ContactData: { ...event.Details.ContactData, CustomerEndpoint: endpoint }, Parameters },
});

it('tells who is calling', async () => {
  const answer = await handler(event);

  expect(answer).toEqual({
    status: 'FOUND',
    matches: '1',
    source: 'index',
    contactId: 'C-1',
    displayName: 'Jane',
    firstName: 'Jane',
    agentId: 'agent-1',
    extension: '1042',
    audiences: '',
    attr_tier: 'vip',
  });
});

it('asks about the parameter `identifier` rather than the caller', async () => {
  expect(await handler(eventWith({ Address: '+14155550100' }, { identifier: 'ref:CRM-17' }))).toMatchObject({
    status: 'NOT_FOUND',
    matches: '0',
  });
  expect(await handler(eventWith(null, { identifier: '(415) 555-0100' }))).toMatchObject({ status: 'FOUND' });
});

it.each([
  ['no endpoint', null, {}],
  ['an empty address', { Address: '' }, {}],
  ['an empty parameter', { Address: '+14155550100' }, { identifier: '' }],
])('answers ANONYMOUS for %s', async (_, endpoint, parameters) => {
  expect(await handler(eventWith(endpoint, parameters))).toMatchObject({ status: 'ANONYMOUS' });
});

it('says why an identifier cannot be', async () => {
  expect(await handler(eventWith({ Address: '+1415' }))).toMatchObject({
    status: 'INVALID',
    message: expect.stringContaining('length'),
  });
});
