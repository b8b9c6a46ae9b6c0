import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { startFunctions, type TestFunctions } from '#support/functions.ts';
import { eventually, flowEvent } from '#support/local-stack.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';
import { type ConnectUser, findAgentStatus, newUserId, userArn } from '#tools/local/emulators/index.ts';

let tables: FreshTables;
let functions: TestFunctions;
let ada: ConnectUser;

beforeAll(async () => {
  tables = await freshTables();
  functions = await startFunctions(tables, {
    parameters: { ExtensionRange: '10-12', TimeZone: 'Europe/Berlin' },
  });
  const Id = newUserId();
  ada = {
    Id,
    Arn: userArn(Id),
    Username: 'ada',
    IdentityInfo: { FirstName: 'Ada' },
    PhoneConfig: {},
    RoutingProfileId: 'basic',
    SecurityProfileIds: [],
    Tags: {},
  };
  functions.connect.state.users.put(ada);
  await functions.invoke('AgentSyncFunction', {});
});
afterAll(() => functions.stop());

/** A read of a status has 400 ms, which can be too short on a busy machine. */
const known = () => eventually(transfer, ({ agentStatus }) => agentStatus !== 'UNKNOWN');
const transfer = async () =>
  (await functions.invoke('ExtensionTransferFunction', flowEvent('anonymous', { digits: '10' }))).answer;

async function choose(name: string): Promise<void> {
  const { connect } = functions;
  const [, , , , , instance] = ada.Arn.split(':');
  const answer = await fetch(`${connect.url}/users/${instance?.split('/')[1]}/${ada.Id}/status`, {
    method: 'PUT',
    body: JSON.stringify({ AgentStatusId: findAgentStatus(name)?.Id }),
  });
  expect(answer.status).toBe(200);
  await functions.drainStreams();
}

it('the status of an agent without events is UNKNOWN', async () => {
  expect(await transfer()).toMatchObject({ status: 'FOUND', agentStatus: 'UNKNOWN' });
});

it('the next call gets the status that the agent chose in Connect', async () => {
  await choose('Available');
  expect(await known()).toMatchObject({ agentStatus: 'AVAILABLE' });

  await choose('Lunch');
  expect(await known()).toMatchObject({
    agentStatus: 'AWAY',
    agentSince: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    agentSinceText: expect.stringMatching(/past|to|o'clock|noon|midnight/),
  });
});

it('an agent is busy during a contact, and available after it', async () => {
  await choose('Available');
  const StateStartTimestamp = new Date().toISOString();
  const call = {
    ContactId: 'c1',
    Channel: 'VOICE' as const,
    State: 'CONNECTED' as const,
    StateStartTimestamp,
  };
  functions.connect.state.statuses.setContacts(ada, [call]);
  await functions.drainStreams();
  expect(await known()).toMatchObject({ agentStatus: 'BUSY' });

  functions.connect.state.statuses.setContacts(ada, []);
  await functions.drainStreams();
  expect(await known()).toMatchObject({ agentStatus: 'AVAILABLE' });
});

it('each change is in the history and expires', async () => {
  const before = Date.now();
  await choose('Training');
  const { Items = [] } = await tables.client.send(
    new QueryCommand({
      TableName: tables.directory,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': `AGENT#${ada.Id}`, ':sk': 'STATUS#' },
    }),
  );
  const last = Items.at(-1);

  expect(Items.length).toBeGreaterThanOrEqual(5);
  expect(last).toMatchObject({ status: 'AWAY', customStatus: 'Training', routingProfileId: 'basic' });
  expect(last?.ttl).toBeGreaterThanOrEqual(Math.floor(before / 1000) + 30 * 86_400);
  expect(functions.log()).not.toMatch(/"ERROR"/);
});
