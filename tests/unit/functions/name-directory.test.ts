import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { agentItem } from '#core/directory/agents.ts';
import { nameRowKey } from '#core/directory/name-rows.ts';
import event from '#events/name-directory.json';
import { namedError } from '#support/directory.ts';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/name-directory.json
const dynamodb = mockClient(DynamoDBDocumentClient);

const handler = loadHandler<Record<string, string>>('name-directory', { LOOKUP_BUDGET_MS: '5000' });

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(QueryCommand).resolves({});
});

/** Agents who are all called Müller, by their first names. */
function stored(...firstNames: string[]) {
  const agents = firstNames.map((firstName, position) => ({
    agentId: `agent-${position}`,
    arn: '',
    username: `user-${position}`,
    firstName,
    lastName: 'Müller',
    fingerprint: '',
    addedAt: '',
    spellings: ['685537', '6835537'],
    placement: { extension: `100${position}` },
  }));
  dynamodb
    .on(QueryCommand, { ExpressionAttributeValues: { ':pk': 'NAME#685', ':keys': '685537' } })
    .resolves({ Items: agents.map(({ agentId }) => nameRowKey('685537', agentId)) });
  dynamodb.on(BatchGetCommand).resolves({ Responses: { directory: agents.map(agentItem) } });
}

it('returns three agents and whether there are more, in two round trips', async () => {
  stored('Jörg', 'Anna', 'Eva', 'Max');

  expect(await handler(event)).toEqual({
    status: 'FOUND',
    matches: '3',
    name1: 'Anna Müller',
    extension1: '1001',
    agentId1: 'agent-1',
    name2: 'Eva Müller',
    extension2: '1002',
    agentId2: 'agent-2',
    name3: 'Jörg Müller',
    extension3: '1000',
    agentId3: 'agent-0',
    more: 'true',
  });
  expect(dynamodb.calls()).toHaveLength(2);
});

it('says that nobody is spelled like that, with one read', async () => {
  expect(await handler(event)).toEqual({ status: 'NOT_FOUND', matches: '0', more: 'false' });
  expect(dynamodb.calls()).toHaveLength(1);
});

it('is degraded, not broken, when the table does not answer', async () => {
  dynamodb.on(QueryCommand).rejects(namedError('ProvisionedThroughputExceededException'));

  expect(await handler(event)).toMatchObject({ status: 'DEGRADED' });
});
