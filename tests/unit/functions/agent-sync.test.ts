import {
  ConnectClient,
  DescribeUserCommand,
  ListPhoneNumbersV2Command,
  SearchUsersCommand,
} from '@aws-sdk/client-connect';
import type { EventBridgeEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import type { SyncResult } from '#core/agent-sync/index.ts';
import { logger, metrics } from '#core/platform/observability.ts';
import fixture from '#events/agent-sync.json';
import { type FakeConnect, fakeConnect, fakeUser, findDamage } from '#support/directory.ts';
import { loadHandler } from '#support/handler.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { mockDirectory } from '#support/mocked-directory.ts';

// The fixture: events/agent-sync.json
const event: EventBridgeEvent<string, { responseElements: { UserId: string } }> = fixture;
const userId = event.detail.responseElements.UserId;
const client = mockClient(ConnectClient);

let db: MemoryDynamoDb;
let connect: FakeConnect;
const handler = loadHandler<SyncResult>('agent-sync');

beforeEach(() => {
  db = mockDirectory();
  connect = fakeConnect([fakeUser('a'), fakeUser(userId, { firstName: 'Joan' })]);
  client.reset();
  client.on(SearchUsersCommand).callsFake((input) => connect.send(new SearchUsersCommand(input)));
  client
    .on(ListPhoneNumbersV2Command)
    .callsFake((input) => connect.send(new ListPhoneNumbersV2Command(input)));
  client.on(DescribeUserCommand).callsFake((input) => connect.send(new DescribeUserCommand(input)));
});

it('gives every user an extension when the schedule asks', async () => {
  const { status, counts, changes } = await handler({ 'detail-type': 'Scheduled Event', detail: {} });

  expect({ status, counts }).toMatchObject({
    status: 'DONE',
    counts: { users: 2, added: 2, extensionsUnused: 3, waiting: 0, extensionsAdded: 5, connectCalls: 2 },
  });
  expect(changes.map((change) => 'extension' in change && change.extension).toSorted()).toEqual([
    '1000',
    '1001',
  ]);
  expect(findDamage(db.items)).toEqual([]);
});

it('looks at one user only when an event names one', async () => {
  await handler({});
  connect.calls.length = 0;
  connect.users.set(userId, fakeUser(userId, { firstName: 'Jo' }));

  const result = await handler(event);

  expect(result).toMatchObject({ status: 'DONE', changes: [{ change: 'UPDATED', agentId: userId }] });
  expect(connect.calls).toEqual(['DescribeUserCommand']);
});

it('ignores an event of another instance', async () => {
  const requestParameters = { InstanceId: 'another' };
  const result = await handler({ ...event, detail: { ...event.detail, requestParameters } });

  expect(result.status).toBe('SKIPPED');
  expect(connect.calls).toEqual([]);
});

it('logs and measures counts, and nobody by name', async () => {
  const logged = jest.spyOn(logger, 'info').mockImplementation();
  const measured = jest.spyOn(metrics, 'addMetric');

  await handler({});

  expect(logged).toHaveBeenCalledWith('done', {
    status: 'DONE',
    counts: expect.objectContaining({ added: 2 }),
  });
  const values = Object.fromEntries(measured.mock.calls.map(([name, , value]) => [name, value]));
  expect(values).toMatchObject({
    SyncRefused: 0,
    ExtensionsUnused: 3,
    ExtensionsUnusedPercent: 60,
    AgentsWaiting: 0,
    AgentsAdded: 2,
  });
  const everything = JSON.stringify([logged.mock.calls, measured.mock.calls]);
  for (const name of ['Jane', 'Joan', 'Roe', 'user-a']) expect(everything).not.toContain(name);
});

it('refuses an empty list of users, and says how to accept it', async () => {
  await handler({});
  connect.users.clear();
  const writes = db.writes;
  const measured = jest.spyOn(metrics, 'addMetric');

  const refused = await handler({});

  expect(refused).toMatchObject({
    status: 'REFUSED',
    message: expect.stringContaining('"acceptShrink": "agents"'),
  });
  expect(db.writes).toBe(writes);
  expect(measured).toHaveBeenCalledWith('SyncRefused', 'Count', 1);
  await expect(handler({ acceptShrink: true })).resolves.toMatchObject({
    status: 'DONE',
    counts: { removed: 2 },
  });
});
