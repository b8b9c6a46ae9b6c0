import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { requestCheck, requestSetup, SETUP_PROPERTIES } from '#support/custom-resource.ts';
import type { FunctionResult, TestFunctions } from '#support/functions.ts';
import { flowEvent, request } from '#support/local-stack.ts';
import { FOREIGN } from '#support/setup-steps.ts';
import type { FreshTables } from '#support/tables.ts';
import {
  type AwsEmulator,
  type ConnectUser,
  findAgentStatus,
  newUserId,
  userArn,
} from '#tools/local/emulators/index.ts';

/** A world of its own for a scenario: functions that are recorded, and their tables. */
export interface World extends TestFunctions {
  tables: FreshTables;
}

/**
 * Starts a world with some parameters of the template, beside those of the combination that is being proved; with
 * an earlier world's tables and users, it is that deployment after an update.
 */
export type Start = (parameters?: Record<string, string>, before?: World) => Promise<World>;

/**
 * For each function what makes it use every right that it has. The proof fails for a function without a scenario,
 * and names the rights that no scenario uses: add to the scenario, or take the right away.
 */
export const SCENARIOS: Record<string, (start: Start) => Promise<void>> = {
  async CallerLookupFunction(start) {
    const { apiUrl, connect, drainStreams, invoke } = await start();
    const agentId = hire(connect, 'ada');
    await expectStatus('DONE', invoke('AgentSyncFunction', {}));
    await putContact(apiUrl, 'jane', ['+14155550100'], { agentId });
    await putContact(apiUrl, 'joan', ['+14155550101']);
    await putContact(apiUrl, 'joe', ['+14155550101']);
    await drainStreams();

    await expectStatus('FOUND', invoke('CallerLookupFunction', flowEvent('+14155550100')));
    await expectStatus('AMBIGUOUS', invoke('CallerLookupFunction', flowEvent('+14155550101')));
  },

  async ExtensionTransferFunction(start) {
    const { connect, invoke } = await start();
    hire(connect, 'ada');
    await expectStatus('DONE', invoke('AgentSyncFunction', {}));

    await expectStatus(
      'FOUND',
      invoke('ExtensionTransferFunction', flowEvent('anonymous', { digits: '10' })),
    );
  },

  async NameDirectoryFunction(start) {
    const { connect, invoke } = await start();
    hire(connect, 'ada', { IdentityInfo: { FirstName: 'Ada', LastName: 'Martin' } });
    await expectStatus('DONE', invoke('AgentSyncFunction', {}));

    await expectStatus(
      'FOUND',
      invoke('NameDirectoryFunction', flowEvent('anonymous', { digits: '627846' })),
    );
  },

  async FlowSmsFunction(start) {
    // A text of the time before a rotation is looked for under its own key version.
    const { apiUrl, invoke, tables } = await start({ KeyVersions: '2,1' });
    const row = { sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'agent-1' };
    for (const number of ['+18005550199', '+16135550101']) {
      const Item = { pk: `NUMBER#${number}`, ...row };
      await tables.client.send(new PutCommand({ TableName: tables.directory, Item }));
    }
    await expectOk(request(`${apiUrl}/sms/templates/hello`, 'PUT', { texts: { en: 'Hello' } }));
    const block = { template: 'hello', block: 'text-the-caller' };

    await expectStatus('ACCEPTED', invoke('FlowSmsFunction', flowEvent('+14155550100', block)));
    await expectStatus('DUPLICATE', invoke('FlowSmsFunction', flowEvent('+14155550100', block)));
    const other = { ...block, block: 'text-another', to: '+16135550101' };
    await expectStatus('ACCEPTED', invoke('FlowSmsFunction', flowEvent('+14155550100', other)));
    const stranger = { ...block, block: 'text-a-stranger', to: '+14155550199' };
    await expectStatus('RECIPIENT_UNKNOWN', invoke('FlowSmsFunction', flowEvent('+14155550100', stranger)));
  },

  async AgentActivityFunction(start) {
    const { connect, drainStreams } = await start();
    const id = hire(connect, 'ada');
    const user = connect.state.users.get(id);
    const lunch = findAgentStatus('Lunch')?.Id;
    if (!user || lunch === undefined) throw new Error('Nobody can go to lunch.');
    connect.state.statuses.choose(user, lunch);
    await drainStreams();
  },

  async AgentSyncFunction(start) {
    const world = await start();
    const [ada, ben] = [hire(world.connect, 'ada'), hire(world.connect, 'ben')];
    await expectStatus('DONE', world.invoke('AgentSyncFunction', {}));
    // One user is renamed, which an event tells; then the range shrinks below what is unused and what ben has.
    hire(world.connect, 'ada.lovelace', { Id: ada });
    await expectStatus('DONE', world.invoke('AgentSyncFunction', userChanged(ada)));
    const smaller = await start({ ExtensionRange: '10-10' }, world);
    smaller.connect.state.users.delete(ben);
    // Nor has a flow the name of the one for direct numbers, so it is looked for by its tags.
    await expectStatus('DONE', smaller.invoke('AgentSyncFunction', { acceptShrink: true }));
  },

  async ConnectCheckFunction(start) {
    const world = await start();
    // Of a flow with a name of ours it asks whose it is.
    world.connect.state.flows.put({ ...FOREIGN, Name: `${SETUP_PROPERTIES.StackName} inbound` });
    const { Status, Reason } = await requestCheck(world);
    if (Status !== 'FAILED' || !Reason.includes('already')) throw new Error(`${Status}: ${Reason}`);
  },

  async ConnectSetupFunction(start) {
    const world = await start();
    await expectSuccess(requestSetup(world, 'Create'));
    // An update with other settings writes the flows again; without the number, that is released.
    const OldResourceProperties = SETUP_PROPERTIES;
    const changed = { AgentRingSeconds: '30', PhoneNumberId: '' };
    await expectSuccess(requestSetup(world, 'Update', changed, { OldResourceProperties }));
    await expectSuccess(requestSetup(world, 'Update'));
    await expectSuccess(requestSetup(world, 'Delete'));
  },

  async NumberExpiryFunction(start) {
    const world = await start({ QuarantineDays: '1' });
    // Dora is spelled by her name, too, when she gets an extension.
    const [, ben, cleo] = ['ada', 'ben', 'cleo', 'dora'].map((name) =>
      hire(world.connect, name, { IdentityInfo: { FirstName: name, LastName: 'Martin' } }),
    );
    await expectStatus('DONE', world.invoke('AgentSyncFunction', {}));
    // Ben's extension goes to dora, who waits; cleo's is in quarantine when the range no longer contains it.
    await dismiss(world, ben);
    await endQuarantines(world.tables);
    await expectStatus('DONE', world.invoke('NumberExpiryFunction', {}));
    await dismiss(world, cleo);
    await endQuarantines(world.tables);
    const smaller = await start({ ExtensionRange: '10-11' }, world);
    await expectStatus('DONE', smaller.invoke('AgentSyncFunction', {}));
    await expectStatus('DONE', smaller.invoke('NumberExpiryFunction', {}));
  },

  async PhonebookApiFunction(start) {
    const world = await start();
    const userId = hire(world.connect, 'ada', { Tags: { 'switchboard:extension': '12' } });
    await expectStatus('DONE', world.invoke('AgentSyncFunction', {}));
    // The range no longer contains the extension that is replaced, so it is removed while the range stays; nor does ada
    // ask for it any more.
    hire(world.connect, 'ada', { Id: userId });
    const { apiUrl, invoke } = await start({ ExtensionRange: '10-11' }, world);
    await expectStatus('DONE', invoke('AgentSyncFunction', {}));
    const reserved = await request(`${apiUrl}/phonebook/reserve`, 'POST', { pool: 'extension', count: 2 });
    const { refId, phoneNumbers = [] } = reserved.json;
    const phoneNumber = phoneNumbers[0];
    const choice = { userId, refId, phoneNumber, replace: true };
    await expectOk(request(`${apiUrl}/phonebook/assign`, 'POST', choice));
    await expectOk(request(`${apiUrl}/phonebook/find/${phoneNumber}`, 'GET'));
    await expectOk(request(`${apiUrl}/phonebook/release`, 'POST', { userId, phoneNumber }));
  },

  async ContactIndexerFunction(start) {
    const { apiUrl, drainStreams } = await start();
    await putContact(apiUrl, 'jane', ['+14155550100']);
    await drainStreams();
  },

  async SmsInboundFunction(start) {
    const { invoke } = await start();
    const Message = JSON.stringify({ originationNumber: '+14155550100', messageBody: 'STOP' });
    const Records = [{ Sns: { Message, Timestamp: new Date().toISOString() } }];
    await expectStatus('DONE', invoke('SmsInboundFunction', { Records }));
  },

  async MessageDispatcherFunction(start) {
    const { apiUrl, drainStreams, invoke, tables } = await start();
    const Item = {
      pk: 'NUMBER#+16135550100',
      sk: 'NUMBER',
      pool: 'direct',
      state: 'BLOCKED',
      reason: 'OTHER_FLOW',
    };
    await tables.client.send(new PutCommand({ TableName: tables.directory, Item }));
    await putContact(apiUrl, 'jane', ['+14155550100']);
    await drainStreams();
    const numbers = { fromPhoneNumber: '+16135550100', toPhoneNumber: '+14155550100' };
    const sms = { idempotencyKey: 'order-17', content: 'Hello', ...numbers };
    const { json } = await request(`${apiUrl}/sms/send/one`, 'POST', { sms });
    await drainStreams();
    await expectStatus('DONE', invoke('MessageDispatcherFunction', {}));
    const { state } = (await request(`${apiUrl}/sms/messages/${json.messageId}`, 'GET')).json;
    if (state !== 'SENT' && state !== 'STORED') throw new Error(`Instead of a success: ${state}`);
    // What has a place in the queue of its number for later is left, and somebody has to follow.
    const Keys = await makeQueued(tables, json.messageId);
    await expectNoFailure(invoke('MessageDispatcherFunction', { Records: [{ dynamodb: { Keys } }] }));
  },

  async MessagesApiFunction(start) {
    // A request of the time before a rotation is looked for under its own key version.
    const { apiUrl, tables } = await start({ KeyVersions: '2,1' });
    const row = { sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'agent-1' };
    for (const number of ['+16135550100', '+16135550101']) {
      const Item = { pk: `NUMBER#${number}`, ...row };
      await tables.client.send(new PutCommand({ TableName: tables.directory, Item }));
    }
    const numbers = { fromPhoneNumber: '+16135550100', toPhoneNumber: '+16135550101' };
    const sms = { idempotencyKey: 'order-17', content: 'Hello', ...numbers };
    const sent = request(`${apiUrl}/sms/send/one`, 'POST', { sms });
    await expectOk(sent);
    const { messageId } = (await sent).json;
    await request(`${apiUrl}/sms/send/one`, 'POST', { sms: { ...sms, toPhoneNumber: '+14155550199' } });
    await expectOk(request(`${apiUrl}/sms/messages/${messageId}`, 'GET'));
    await makeUnknown(tables, messageId);
    await expectOk(request(`${apiUrl}/sms/messages?state=UNKNOWN`, 'GET'));
    await expectOk(request(`${apiUrl}/sms/messages/${messageId}/resolve`, 'POST', { as: 'SENT' }));
    // It has ended by now, which is written down with the batch.
    // More than are under way at once, all of them known: then those behind are looked for.
    const many = request(`${apiUrl}/sms/send/many`, 'POST', `${JSON.stringify(sms)}\n`.repeat(100));
    await expectOk(many);
    await expectOk(request(`${apiUrl}/sms/batches/${(await many).json.trackingId}`, 'GET'));
    const template = `${apiUrl}/sms/templates/hello`;
    await expectOk(request(template, 'PUT', { texts: { en: 'Hello' } }));
    await expectOk(request(template, 'GET'));
    await expectOk(request(`${apiUrl}/sms/templates`, 'GET'));
    await expectOk(request(template, 'DELETE'));
  },

  async ContactsApiFunction(start) {
    const { apiUrl, drainStreams, tables } = await start();
    await putContact(apiUrl, 'jane', ['+14155550100']);
    await putContact(apiUrl, 'joan', ['+14155550100']);
    await drainStreams();
    await expectOk(request(`${apiUrl}/contacts/jane`, 'GET'));
    await expectOk(request(`${apiUrl}/contacts/lookup`, 'POST', { identifier: '+14155550100' }));
    await expectOk(request(`${apiUrl}/health`, 'GET'));
    // What stands beside a contact goes with it.
    const Item = { pk: 'CONTACT#jane', sk: 'AUDIENCE#renewal' };
    await tables.client.send(new PutCommand({ TableName: tables.contacts, Item }));
    await expectOk(request(`${apiUrl}/contacts/jane`, 'DELETE'));
  },
};

/** What every scenario runs with, where it does not say otherwise. */
export const FEW_EXTENSIONS = { ExtensionRange: '10-12', QuarantineDays: '0' };

function hire({ state: world }: AwsEmulator, Username: string, parts: Partial<ConnectUser> = {}): string {
  const Id = parts.Id ?? newUserId();
  const user = { Id, Arn: userArn(Id), Username, IdentityInfo: {}, PhoneConfig: {}, RoutingProfileId: 'r' };
  world.users.put({ ...user, SecurityProfileIds: [], Tags: {}, ...parts });
  return Id;
}

async function dismiss({ connect, invoke }: World, id = ''): Promise<void> {
  connect.state.users.delete(id);
  await expectStatus('DONE', invoke('AgentSyncFunction', { acceptShrink: true }));
}

/** As if the days of quarantine had gone by. */
async function endQuarantines({ client, directory: TableName }: FreshTables): Promise<void> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'AssignmentIndex',
      KeyConditionExpression: 'gsi1pk = :due',
      ExpressionAttributeValues: { ':due': 'DUE' },
    }),
  );
  const dueAt = new Date(0).toISOString();
  for (const item of Items) {
    await client.send(new PutCommand({ TableName, Item: { ...item, dueAt, gsi1sk: `${dueAt}#due` } }));
  }
}

/** As if the answer of the sender had been lost. */
/** Half a minute is more than a batch of the stream waits. */
async function makeQueued({ client, messages: TableName }: FreshTables, messageId: string) {
  const [ulid, lane] = messageId.split('.');
  const [pk, sk] = [`TO#${lane}`, `MESSAGE#${ulid}`];
  const { Item } = await client.send(new GetCommand({ TableName, Key: { pk, sk } }));
  const dueAt = new Date(Date.now() + 30_000).toISOString();
  const queued = {
    state: 'WAITING',
    reason: 'RATE_LIMIT',
    dueAt,
    gsi1pk: 'DUE#0',
    gsi1sk: `${dueAt}#${ulid}`,
  };
  await client.send(new PutCommand({ TableName, Item: { ...Item, ...queued } }));
  return { pk: { S: pk }, sk: { S: sk } };
}

async function makeUnknown({ client, messages: TableName }: FreshTables, messageId: string): Promise<void> {
  const [ulid, lane] = messageId.split('.');
  const Key = { pk: `TO#${lane}`, sk: `MESSAGE#${ulid}` };
  const { Item } = await client.send(new GetCommand({ TableName, Key }));
  const since = new Date(0).toISOString();
  const unknown = { state: 'UNKNOWN', since, gsi1pk: 'UNKNOWN', gsi1sk: `${since}#${ulid}` };
  await client.send(new PutCommand({ TableName, Item: { ...Item, ...unknown } }));
}

function userChanged(userId: string) {
  return { detail: { eventName: 'UpdateUserIdentityInfo', requestParameters: { userId } } };
}

function putContact(apiUrl: string, id: string, identifiers: string[], parts: object = {}): Promise<void> {
  return expectOk(request(`${apiUrl}/contacts/${id}`, 'PUT', { firstName: id, identifiers, ...parts }));
}

/** A scenario that does not do what it is for proves nothing. */
async function expectStatus(status: string, invocation: Promise<FunctionResult>): Promise<void> {
  const { answer, error } = await invocation;
  if (answer?.status === status) return;
  throw new Error(`Instead of ${status}: ${JSON.stringify(error ?? answer?.status)}`);
}

async function expectNoFailure(invocation: Promise<FunctionResult>): Promise<void> {
  const { answer, error } = await invocation;
  if (answer?.batchItemFailures?.length === 0) return;
  throw new Error(`Instead of no failure: ${JSON.stringify(error ?? answer)}`);
}

async function expectSuccess(answer: Promise<{ Status: string; Reason: string }>): Promise<void> {
  const { Status, Reason } = await answer;
  if (Status !== 'SUCCESS') throw new Error(`Instead of a success: ${Reason}`);
}

async function expectOk(reply: Promise<{ status: number }>): Promise<void> {
  const { status } = await reply;
  if (status < 200 || status > 299) throw new Error(`Instead of a success: ${status}`);
}
