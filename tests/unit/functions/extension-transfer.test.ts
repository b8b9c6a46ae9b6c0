import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import event from '../../../events/extension-transfer.json';
import { type DirectoryNumber, numberItem } from '../../../layers/core/src/directory/numbers.ts';
import { parseFlowEvent } from '../../../layers/core/src/platform/flow.ts';
import { namedError } from '../../support/directory.ts';

// The fixture: events/extension-transfer.json
const dynamodb = mockClient(DynamoDBDocumentClient);
const owner = {
  agentId: 'agent-1',
  arn: 'arn:aws:connect:eu-central-1:111122223333:instance/i/agent/agent-1',
  username: 'jane.roe',
  firstName: 'Jane',
  lastName: 'Roe',
};
const dueAt = '2026-12-01T08:00:00.000Z';

let handler: (event: unknown) => Promise<Record<string, string>>;

beforeAll(async () => {
  Object.assign(process.env, { DIRECTORY_TABLE: 'directory', LOOKUP_BUDGET_MS: '300' });
  ({ handler } = await import('../../../functions/extension-transfer/index.ts'));
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(GetCommand).resolves({});
  stored({ number: '1042', pool: 'extension', state: 'ASSIGNED', owner });
});

function stored(record: DirectoryNumber) {
  const Item = numberItem(record);
  dynamodb.on(GetCommand, { Key: { pk: Item.pk, sk: Item.sk } }).resolves({ Item });
}

function dialling(digits: unknown, address: string | null = '+18005550199') {
  const SystemEndpoint = address === null ? null : { Address: address };
  const { ContactData } = event.Details;
  return { Details: { ContactData: { ...ContactData, SystemEndpoint }, Parameters: { digits } } };
}

it('has a contact-flow event for its fixture', () => {
  expect(parseFlowEvent(event)).toMatchObject({ parameters: { digits: '1042#' } });
});

it('finds the agent with one read', async () => {
  expect(await handler(event)).toEqual({
    status: 'FOUND',
    agentId: 'agent-1',
    agentArn: owner.arn,
    username: 'jane.roe',
    displayName: 'Jane Roe',
    extension: '1042',
    agentStatus: 'UNKNOWN',
  });
  expect(dynamodb.commandCalls(GetCommand)).toHaveLength(1);
});

it('finds the agent of the number that was dialled when nothing was keyed in', async () => {
  stored({ number: '+18005550199', pool: 'direct', state: 'ASSIGNED', owner });

  expect(await handler(dialling(undefined))).toMatchObject({ status: 'FOUND', agentId: 'agent-1' });
  expect(await handler(dialling(''))).toMatchObject({ status: 'FOUND', agentId: 'agent-1' });
});

it.each<[string, DirectoryNumber | undefined]>([
  ['UNKNOWN', undefined],
  ['UNASSIGNED', { number: '1043', pool: 'extension', state: 'UNUSED' }],
  ['QUARANTINED', { number: '1043', pool: 'extension', state: 'QUARANTINED', dueAt }],
  ['RESERVED', { number: '1043', pool: 'extension', state: 'RESERVED', dueAt }],
  ['BLOCKED', { number: '1043', pool: 'extension', state: 'BLOCKED' }],
])('says that a number reaches nobody, and why: %s', async (reason, record) => {
  if (record) stored(record);

  const answer = await handler(dialling('1043'));

  expect(answer).toEqual({ status: 'NOT_FOUND', reason, message: expect.stringMatching(/\.$/) });
});

it.each([
  ['letters', '10a2'],
  ['too many digits', '1'.repeat(40)],
  ['nothing but the pound key', '#'],
  ['something that is no text', { a: 1 }],
])('says what is wrong with %s, without reading anything', async (_, digits) => {
  expect(await handler(dialling(digits))).toEqual({ status: 'INVALID', message: expect.any(String) });
  expect(dynamodb.commandCalls(GetCommand)).toHaveLength(0);
});

it('says what is missing when nothing was dialled at all', async () => {
  expect(await handler(dialling('', null))).toMatchObject({
    status: 'INVALID',
    message: expect.stringContaining('$.StoredCustomerInput'),
  });
});

it('is degraded, not broken, when the table does not answer', async () => {
  dynamodb.on(GetCommand).rejects(namedError('ProvisionedThroughputExceededException'));

  expect(await handler(event)).toMatchObject({ status: 'DEGRADED' });
});
