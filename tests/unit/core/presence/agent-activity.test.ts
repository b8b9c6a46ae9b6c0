import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { metrics } from '#core/platform/observability.ts';
import { storeAgentActivity } from '#core/presence/agent-activity.ts';
import type { StoredAgentStatus } from '#core/presence/status.ts';
import { agentEvent, type EventParts, INSTANCE_ARN, kinesisRecord, SINCE } from '#support/agent-events.ts';
import { namedError } from '#support/directory.ts';

const dynamodb = mockClient(DynamoDBDocumentClient);
const directory = { client: dynamodb as unknown as DynamoDBDocumentClient, table: 'directory' };
const NOW = new Date('2026-11-20T12:00:00.000Z');
const LUNCH = { name: 'Lunch', type: 'CUSTOM' } as const;

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(BatchGetCommand).resolves({});
  dynamodb.on(BatchWriteCommand).resolves({});
  dynamodb.on(PutCommand).resolves({});
});
afterEach(() => metrics.clearMetrics());

function follow(events: EventParts[], historyDays = 30) {
  const records = events.map((parts, index) => kinesisRecord(agentEvent(parts), String(index + 1)));
  return storeAgentActivity(directory, records, { instanceArn: INSTANCE_ARN, historyDays }, NOW);
}

function known(parts: Partial<StoredAgentStatus> = {}, agent = 'a1') {
  const item = {
    status: 'AVAILABLE',
    since: SINCE,
    routingProfileId: 'basic',
    eventAt: '2026-11-20T10:00:00.000Z',
    eventId: 'e1',
    ...parts,
  };
  dynamodb
    .on(BatchGetCommand)
    .resolves({ Responses: { directory: [{ pk: `AGENT#${agent}`, sk: 'STATUS', ...item }] } });
}

const puts = () => dynamodb.commandCalls(PutCommand).map(({ args }) => args[0].input);
const history = () =>
  dynamodb
    .commandCalls(BatchWriteCommand)
    .flatMap(({ args }) => args[0].input.RequestItems?.directory ?? [])
    .map(({ PutRequest }) => PutRequest?.Item);

test('writes only the newest event of an agent, in any order of events', async () => {
  await follow([
    { id: 'e1', at: '2026-11-20T10:00:00Z' },
    { id: 'e3', at: '2026-11-20T10:00:02Z', now: { contacts: 1 } },
    { id: 'e2', at: '2026-11-20T10:00:01Z', now: LUNCH },
  ]);

  expect(puts().map(({ Item }) => [Item?.status, Item?.eventId])).toEqual([['BUSY', 'e3']]);
});

test('of events with the same time, writes the one with the higher ID', async () => {
  await follow([{ id: 'e2', now: LUNCH }, { id: 'e1' }]);

  expect(puts().map(({ Item }) => Item?.eventId)).toEqual(['e2']);
});

test('writes on the condition that the stored event is older', async () => {
  await follow([{ id: 'e1', at: '2026-11-20T10:00:00Z' }]);

  expect(puts()[0]).toMatchObject({
    ConditionExpression:
      'attribute_not_exists(eventAt) OR eventAt < :eventAt OR eventAt = :eventAt AND eventId < :eventId',
    ExpressionAttributeValues: { ':eventAt': '2026-11-20T10:00:00.000Z', ':eventId': 'e1' },
  });
});

test.each<[string, EventParts]>([
  ['older', { id: 'e9', at: '2026-11-20T09:59:59Z', now: LUNCH }],
  ['the same', { id: 'e1', at: '2026-11-20T10:00:00Z' }],
  ['of the same time with a lower id', { id: 'e0', at: '2026-11-20T10:00:00Z', now: LUNCH }],
])('does not write a status for an event that is %s', async (_, parts) => {
  known();
  await follow([parts]);

  expect(puts()).toEqual([]);
});

test('a failed condition is not a failed record', async () => {
  dynamodb.on(PutCommand).rejects(namedError('ConditionalCheckFailedException'));

  expect(await follow([{}])).toEqual([]);
});

test.each([
  ['two minutes', '2026-11-20T10:02:00Z', 0],
  ['four minutes', '2026-11-20T10:04:00Z', 1],
])('writes a heartbeat without a change %s after the stored event: %s', async (_, at, writes) => {
  known();
  await follow([{ id: 'e2', at, type: 'HEART_BEAT' }]);

  expect(puts()).toHaveLength(writes);
});

test('writes a heartbeat that shows a lost change', async () => {
  known();
  await follow([{ id: 'e2', at: '2026-11-20T10:00:30Z', type: 'HEART_BEAT', now: LUNCH }]);

  expect(puts().map(({ Item }) => Item?.status)).toEqual(['AWAY']);
});

describe('a heartbeat after a logout that shows the status before the logout', () => {
  const logout = { id: 'e2', at: '2026-11-20T10:00:10Z', type: 'LOGOUT' };
  const echo = { id: 'e3', at: '2026-11-20T10:10:00Z', type: 'HEART_BEAT' };

  test('does not replace the logout', async () => {
    known({ status: 'OFFLINE', since: '2026-11-20T10:00:00.000Z' });
    await follow([echo]);

    expect(puts()).toEqual([]);
  });

  test('does not hide a logout of the same batch', async () => {
    await follow([echo, logout]);

    expect(puts().map(({ Item }) => [Item?.status, Item?.eventId])).toEqual([['OFFLINE', 'e2']]);
  });

  test('does not replace a logout that the read missed', async () => {
    await follow([echo]);

    expect(puts()[0]).toMatchObject({
      ConditionExpression:
        'attribute_not_exists(eventAt) OR eventAt < :eventAt AND since <= :since' +
        ' OR eventAt = :eventAt AND eventId < :eventId AND since <= :since',
      ExpressionAttributeValues: { ':since': SINCE },
    });
  });

  test('is written after the next login', async () => {
    known({ status: 'OFFLINE', since: '2026-11-20T10:00:00.000Z' });
    await follow([{ ...echo, now: { since: '2026-11-20T10:09:00.000Z' } }]);

    expect(puts().map(({ Item }) => Item?.status)).toEqual(['AVAILABLE']);
  });
});

test('writes the newest event when a change is undone within a minute, so that a redelivered event counts as old', async () => {
  known();
  await follow([
    { id: 'e2', at: '2026-11-20T10:00:10Z', now: { contacts: 1 } },
    { id: 'e3', at: '2026-11-20T10:00:20Z', before: { contacts: 1 } },
    { id: 'e4', at: '2026-11-20T10:00:30Z', type: 'HEART_BEAT' },
  ]);

  expect(puts().map(({ Item }) => Item?.eventId)).toEqual(['e4']);
});

test('writes each change once, and lets it expire after the history days', async () => {
  await follow([
    { id: 'e1', at: '2026-11-20T10:00:00Z', type: 'LOGIN' },
    { id: 'e2', at: '2026-11-20T10:01:00Z', before: {}, now: LUNCH },
    { id: 'e2', at: '2026-11-20T10:01:00Z', before: {}, now: LUNCH },
    { id: 'e3', at: '2026-11-20T10:03:00Z', type: 'HEART_BEAT', now: LUNCH },
  ]);

  expect(history()).toEqual([
    {
      pk: 'AGENT#a1',
      sk: 'STATUS#2026-11-20T10:00:00.000Z#e1',
      status: 'AVAILABLE',
      since: SINCE,
      routingProfileId: 'basic',
      ttl: Date.parse('2026-12-20T10:00:00Z') / 1000,
    },
    expect.objectContaining({
      sk: 'STATUS#2026-11-20T10:01:00.000Z#e2',
      status: 'AWAY',
      customStatus: 'Lunch',
    }),
  ]);
});

test('writes no history with 0 days, and still writes the status', async () => {
  await follow([{ type: 'LOGIN' }], 0);

  expect(history()).toEqual([]);
  expect(puts()).toHaveLength(1);
});

test('takes one read, 100 status writes, and four history writes for 100 changed agents', async () => {
  await follow(Array.from({ length: 100 }, (_, index) => ({ agent: `a${index}` })));

  expect(dynamodb.commandCalls(BatchGetCommand)).toHaveLength(1);
  expect(puts()).toHaveLength(100);
  expect(dynamodb.commandCalls(BatchWriteCommand)).toHaveLength(4);
});

test('takes one read and no write for 100 heartbeats without a change', async () => {
  const items = Array.from({ length: 100 }, (_, index) => ({
    pk: `AGENT#a${index}`,
    sk: 'STATUS',
    status: 'AVAILABLE',
    since: SINCE,
    routingProfileId: 'basic',
    eventAt: '2026-11-20T10:00:00.000Z',
    eventId: 'e1',
  }));
  dynamodb.on(BatchGetCommand).resolves({ Responses: { directory: items } });

  await follow(
    items.map((_, index) => ({
      agent: `a${index}`,
      id: 'e2',
      at: '2026-11-20T10:02:00Z',
      type: 'HEART_BEAT',
    })),
  );

  expect(dynamodb.calls()).toHaveLength(1);
});

test('counts events of other instances and ignores them', async () => {
  const counted = jest.spyOn(metrics, 'addMetric');

  expect(await follow([{ instance: INSTANCE_ARN.replace(/1$/, '2') }])).toEqual([]);
  expect(dynamodb.calls()).toEqual([]);
  expect(counted).toHaveBeenCalledWith('AgentEventsOfOtherInstances', 'Count', 1);
});

test('reports only the records whose event was not stored', async () => {
  dynamodb.on(PutCommand).callsFake(({ Item }) => {
    if (Item.pk === 'AGENT#a2') throw namedError('InternalServerError');
    return {};
  });
  const failures = await follow([{ agent: 'a1' }, { agent: 'a2' }, { agent: 'a3' }]);

  expect(failures.map(({ record }) => record.kinesis.sequenceNumber)).toEqual(['2']);
});

test('reports changes that DynamoDB leaves unprocessed', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(0);
  dynamodb.on(BatchWriteCommand).callsFake(({ RequestItems }) => ({ UnprocessedItems: RequestItems }));
  const failures = await follow([{ type: 'LOGIN' }]);
  jest.restoreAllMocks();

  expect(failures).toMatchObject([{ error: { code: 'UNAVAILABLE' } }]);
});

test('throws when the stored statuses cannot be read', async () => {
  dynamodb.on(BatchGetCommand).rejects(namedError('InternalServerError'));

  await expect(follow([{}])).rejects.toMatchObject({ name: 'InternalServerError' });
});
