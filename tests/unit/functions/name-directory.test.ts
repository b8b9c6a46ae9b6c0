import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { agentItem } from '#core/directory/agents.ts';
import { nameRowKey } from '#core/directory/name-rows.ts';
import { parseFlowEvent } from '#core/platform/handlers/contact-flow.ts';
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

const keying = (digits: unknown) => ({ Details: { ContactData: {}, Parameters: { digits } } });

it('has a contact-flow event for its fixture', () => {
  expect(parseFlowEvent(event)).toMatchObject({ parameters: { digits: '685537#' } });
});

it('tells who is spelled like that, in two round trips', async () => {
  stored('Jörg', 'Anna');

  expect(await handler(event)).toEqual({
    status: 'FOUND',
    matches: '2',
    name1: 'Anna Müller',
    extension1: '1001',
    agentId1: 'agent-1',
    name2: 'Jörg Müller',
    extension2: '1000',
    agentId2: 'agent-0',
    more: 'false',
  });
  expect(dynamodb.calls()).toHaveLength(2);
});

it('tells of three agents at most, and that there are more', async () => {
  stored('Jörg', 'Anna', 'Eva', 'Max');

  const answer = await handler(event);

  expect(answer).toMatchObject({ status: 'FOUND', matches: '3', name3: 'Jörg Müller', more: 'true' });
  expect(Object.keys(answer)).not.toContain('name4');
});

it('says that nobody is spelled like that, with one read', async () => {
  expect(await handler(event)).toEqual({ status: 'NOT_FOUND', matches: '0', more: 'false' });
  expect(dynamodb.calls()).toHaveLength(1);
});

it.each([
  ['letters', 'mül'],
  ['nothing at all', undefined],
  ['two keys', '68#'],
  ['keys without letters', '0101011'],
  ['something that is no text', { a: 1 }],
])('says what is wrong with %s, without reading anything', async (_, digits) => {
  expect(await handler(keying(digits))).toEqual({
    status: 'INVALID',
    message: expect.stringMatching(/^The parameter digits .+\.$/),
  });
  expect(dynamodb.calls()).toHaveLength(0);
});

it('is degraded, not broken, when the table does not answer', async () => {
  dynamodb.on(QueryCommand).rejects(namedError('ProvisionedThroughputExceededException'));

  expect(await handler(event)).toMatchObject({ status: 'DEGRADED' });
});

it('is degraded rather than incomplete when agents are left unread', async () => {
  stored('Anna');
  dynamodb
    .on(BatchGetCommand)
    .resolves({ UnprocessedKeys: { directory: { Keys: [{ pk: 'AGENT#agent-0', sk: 'AGENT' }] } } });

  expect(await handler(event)).toMatchObject({ status: 'DEGRADED' });
});
