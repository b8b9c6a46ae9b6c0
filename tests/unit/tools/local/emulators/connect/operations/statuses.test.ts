import {
  CreateUserCommand,
  DeleteUserCommand,
  GetCurrentUserDataCommand,
  ListAgentStatusesCommand,
  PutUserStatusCommand,
  UpdateUserRoutingProfileCommand,
} from '@aws-sdk/client-connect';
import { parseAgentEvent } from '#core/presence/event.ts';
import { kinesisRecord } from '#support/agent-events.ts';
import { newUser, useConnectEmulator } from '#support/connect-emulator.ts';
import type { AgentContact } from '#tools/local/emulators/connect/agent-status.ts';
import { createStatusStore } from '#tools/local/emulators/connect/statuses.ts';
import { createUserStore } from '#tools/local/emulators/connect/users.ts';
import { findAgentStatus } from '#tools/local/emulators/index.ts';
import { AGENT_EVENT_STREAM_ARN, CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';

const InstanceId = LOCAL.connectInstanceId;
const idOf = (name: string) => findAgentStatus(name)?.Id ?? '';
const CALL: AgentContact = {
  ContactId: 'c1',
  Channel: 'VOICE',
  State: 'CONNECTED',
  StateStartTimestamp: '2026-11-20T10:00:00.000Z',
};
const emulator = useConnectEmulator();
let published: string[];

beforeEach(() => {
  published = [];
  emulator.agentEvents.subscribe(({ data }) => published.push(data));
});

async function hire(Username = 'ada'): Promise<string> {
  const { UserId = '' } = await emulator.send(new CreateUserCommand(newUser(Username)));
  return UserId;
}

const choose = (UserId: string, name: string) =>
  emulator.send(new PutUserStatusCommand({ InstanceId, UserId, AgentStatusId: idOf(name) }));
/** The events as agent-activity reads them. */
const events = () =>
  published.map((data) => parseAgentEvent(kinesisRecord(data), CONNECT_INSTANCE_ARN, new Date()));
const kinds = () => published.map((data) => (JSON.parse(data) as { EventType: string }).EventType);

function contactsOf(UserId: string, contacts: AgentContact[]): void {
  const user = emulator.state.users.get(UserId);
  if (user) emulator.state.statuses.setContacts(user, contacts);
}

test('the stream is the one of the template', () => {
  expect(emulator.agentEvents.arn).toBe(AGENT_EVENT_STREAM_ARN);
});

test('the statuses of the instance are listed, optionally by type', async () => {
  const all = await emulator.send(new ListAgentStatusesCommand({ InstanceId }));
  const offline = await emulator.send(
    new ListAgentStatusesCommand({ InstanceId, AgentStatusTypes: ['OFFLINE'] }),
  );

  expect(all.AgentStatusSummaryList?.map(({ Name }) => Name)).toEqual([
    'Available',
    'Offline',
    'Lunch',
    'Training',
  ]);
  expect(offline.AgentStatusSummaryList?.map(({ Name }) => Name)).toEqual(['Offline']);
});

test('a status that an agent chooses is in the stream, the first one as a login', async () => {
  const UserId = await hire();
  await choose(UserId, 'Available');
  await choose(UserId, 'Lunch');

  expect(kinds()).toEqual(['LOGIN', 'STATE_CHANGE']);
  expect(events()).toMatchObject([
    { agentId: UserId, activity: { status: 'AVAILABLE', routingProfileId: 'routing' }, change: true },
    { agentId: UserId, activity: { status: 'AWAY', customStatus: 'Lunch' }, change: true },
  ]);
});

test('events of one moment have an order', async () => {
  const users = createUserStore(undefined);
  const statuses = createStatusStore(undefined, users, () => 1_000);
  const user = { ...(emulator.state.users.get(await hire()) as never as { Id: string }) } as never;
  const times: unknown[] = [];
  statuses.subscribe(({ EventTimestamp }) => times.push(EventTimestamp));
  statuses.choose(user, idOf('Available'));
  statuses.choose(user, idOf('Lunch'));

  expect(new Set(times).size).toBe(2);
  expect([...times].sort()).toEqual(times);
});

test('an agent on a contact is busy, and a status chosen during the contact applies after it', async () => {
  const UserId = await hire();
  await choose(UserId, 'Available');
  contactsOf(UserId, [CALL]);
  await choose(UserId, 'Lunch');
  const { UserDataList } = await emulator.send(
    new GetCurrentUserDataCommand({ InstanceId, Filters: { Agents: [UserId] } }),
  );
  contactsOf(UserId, []);

  expect(UserDataList?.[0]).toMatchObject({
    Status: { StatusName: 'Available' },
    NextStatus: 'Lunch',
    AvailableSlotsByChannel: { VOICE: 0, CHAT: 0 },
    ActiveSlotsByChannel: { VOICE: 1 },
    Contacts: [{ ContactId: 'c1', AgentContactState: 'CONNECTED' }],
  });
  expect(events().map((event) => event?.activity.status)).toEqual(['AVAILABLE', 'BUSY', 'BUSY', 'AWAY']);
});

test('current data is of logged-in agents, by agent, routing profile and state of contacts', async () => {
  const [ada, ben] = [await hire('ada'), await hire('ben')];
  await choose(ada, 'Available');
  await hire('never-logged-in');
  await choose(ben, 'Available');
  contactsOf(ben, [CALL]);
  const found = async (Filters: ConstructorParameters<typeof GetCurrentUserDataCommand>[0]['Filters']) => {
    const answer = await emulator.send(new GetCurrentUserDataCommand({ InstanceId, Filters }));
    return answer.UserDataList?.map(({ User }) => User?.Id);
  };

  expect(await found({ RoutingProfiles: ['routing'] })).toEqual([ada, ben]);
  expect(await found({ Queues: ['any'] })).toEqual([ada, ben]);
  expect(await found({ Agents: [ben] })).toEqual([ben]);
  expect(await found({ RoutingProfiles: ['other'] })).toEqual([]);
  expect(await found({ ContactFilter: { ContactStates: ['CONNECTED'] } })).toEqual([ben]);
});

test('a page of current data holds at most 100, and filters at most 100 names', async () => {
  const send = (input: object) =>
    emulator.send(new GetCurrentUserDataCommand({ InstanceId, Filters: {}, ...input }));

  const hundredAndOne = Array.from({ length: 101 }, (_, index) => `a${index}`);
  await expect(send({ Filters: { Queues: ['q'] }, MaxResults: 101 })).rejects.toThrow('1 to 100');
  await expect(send({ Filters: { Agents: hundredAndOne } })).rejects.toThrow('more than 100');
  await expect(send({})).rejects.toThrow('Filters');
});

test.each([
  ['a user', { UserId: 'nobody', AgentStatusId: idOf('Lunch') }],
  ['a status', { UserId: '', AgentStatusId: 'none' }],
])('%s that does not exist is refused', async (_, input) => {
  const UserId = input.UserId || (await hire());

  await expect(
    emulator.send(new PutUserStatusCommand({ InstanceId, ...input, UserId })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('another routing profile is a change, and a deleted user sends no events', async () => {
  const UserId = await hire();
  await choose(UserId, 'Available');
  await emulator.send(new UpdateUserRoutingProfileCommand({ InstanceId, UserId, RoutingProfileId: 'other' }));
  await emulator.send(new DeleteUserCommand({ InstanceId, UserId }));
  emulator.state.statuses.sendHeartbeats(true);

  expect(events()).toMatchObject([
    { activity: { routingProfileId: 'routing' } },
    { activity: { routingProfileId: 'other' }, change: true },
  ]);
});

describe('heartbeats', () => {
  test('come from logged-in agents without an event for two minutes', async () => {
    const users = createUserStore(undefined);
    let now = Date.parse('2026-11-20T10:00:00Z');
    const statuses = createStatusStore(undefined, users, () => now);
    const [ada, ben] = [await hire('ada'), await hire('ben')].map((id) => emulator.state.users.get(id));
    if (!ada || !ben) throw new Error('The users are missing.');
    for (const user of [ada, ben]) users.put(user);
    const beats: string[] = [];
    statuses.choose(ada, idOf('Available'));
    statuses.choose(ben, idOf('Offline'));
    statuses.subscribe(({ AgentARN, EventType }) => beats.push(`${EventType} ${AgentARN.split('/').at(-1)}`));

    now += 119_000;
    statuses.sendHeartbeats();
    expect(beats).toEqual([]);
    now += 2_000;
    statuses.sendHeartbeats();
    statuses.sendHeartbeats();
    expect(beats).toEqual([`HEART_BEAT ${ada.Id}`]);
  });

  test('come from all agents at once when the data directory is opened again', () => {
    const ada = { Id: 'a', Arn: 'arn/agent/a' } as never;
    const users = { get: () => ({ Id: 'a', Arn: 'arn/agent/a', IdentityInfo: {} }) } as never;
    const statuses = createStatusStore(undefined, users);
    statuses.choose({ ...(ada as object), IdentityInfo: {} } as never, idOf('Available'));
    const beats: unknown[] = [];
    statuses.subscribe(({ EventType }) => beats.push(EventType));
    statuses.sendHeartbeats(true);

    expect(beats).toEqual(['HEART_BEAT']);
  });
});
