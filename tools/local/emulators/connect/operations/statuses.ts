import { objectAt, textAt } from '#tools/json.ts';
import { countOnChannel } from '#tools/local/emulators/connect/agent-event.ts';
import {
  AGENT_STATUSES,
  type AgentPresence,
  type Channel,
  findAgentStatus,
  MAX_CONTACTS,
} from '#tools/local/emulators/connect/agent-status.ts';
import {
  defineRoutes,
  type OperationInput,
  type OperationResult,
  paginate,
} from '#tools/local/emulators/connect/operation.ts';
import type { ConnectState } from '#tools/local/emulators/connect/state.ts';
import type { ConnectUser } from '#tools/local/emulators/connect/users.ts';
import { invalid, notFound } from '#tools/local/emulators/errors.ts';
import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';

export const STATUS_ROUTES = defineRoutes({
  PutUserStatus: ['PUT', '/users/{InstanceId}/{UserId}/status', putUserStatus],
  ListAgentStatuses: ['GET', '/agent-status/{InstanceId}', listAgentStatuses],
  GetCurrentUserData: ['POST', '/metrics/userdata/{InstanceId}', getCurrentUserData],
});

function listAgentStatuses(_: ConnectState, { query }: OperationInput): OperationResult {
  const types = query.getAll('AgentStatusTypes');
  const wanted = AGENT_STATUSES.filter(({ Type }) => types.length === 0 || types.includes(Type));
  const [size, token] = [query.get('maxResults') ?? undefined, query.get('nextToken') ?? undefined];
  const { entries, next } = paginate('ListAgentStatuses', wanted, size, token, 1000, 1000);
  return { body: { AgentStatusSummaryList: entries, ...next } };
}

/** An agent on a contact gets the status when the contact ends, as in Connect. */
function putUserStatus({ users, statuses }: ConnectState, input: OperationInput): OperationResult {
  const user = users.get(input.path.UserId?.split('/').at(-1) ?? '');
  if (!user) throw notFound('There is no such user in this instance.');
  const reference = textAt(input.body, 'AgentStatusId');
  if (!reference) throw invalid('Missing: AgentStatusId.');
  const status = findAgentStatus(reference);
  if (!status) throw notFound('There is no such agent status in this instance.');
  statuses.choose(user, status.Id);
  return { body: {} };
}

/**
 * Returns the current data of logged-in agents. Every agent serves every queue, so a filter by queue returns all of them.
 */
function getCurrentUserData(state: ConnectState, { body }: OperationInput): OperationResult {
  const filters = objectAt(body, 'Filters');
  const named = ['Queues', 'RoutingProfiles', 'Agents', 'UserHierarchyGroups'];
  if (![...named, 'ContactFilter'].some((name) => name in filters)) throw invalid('Missing: Filters.');
  for (const name of named) {
    if (idsIn(filters, name).length > 100) throw invalid(`Filters.${name} names more than 100.`);
  }
  const found = state.users.all().flatMap((user) => {
    const presence = state.statuses.get(user.Id);
    return presence && passes(filters, user, presence) ? [userData(user, presence)] : [];
  });
  const { entries, next } = paginate('GetCurrentUserData', found, body.MaxResults, body.NextToken, 100, 100);
  return { body: { UserDataList: entries, ...next, ApproximateTotalCount: found.length } };
}

function passes(filters: OperationInput['body'], user: ConnectUser, { contacts }: AgentPresence): boolean {
  const [agents, profiles] = [idsIn(filters, 'Agents'), idsIn(filters, 'RoutingProfiles')];
  const groups = idsIn(filters, 'UserHierarchyGroups');
  const contactStates = idsIn(objectAt(filters, 'ContactFilter'), 'ContactStates');
  return (
    (agents.length === 0 || agents.includes(user.Id)) &&
    (profiles.length === 0 || profiles.includes(user.RoutingProfileId)) &&
    (groups.length === 0 || groups.includes(user.HierarchyGroupId ?? '')) &&
    (contactStates.length === 0 || contacts.some(({ State }) => contactStates.includes(State)))
  );
}

/** Reads IDs, which can be ARNs. */
function idsIn(object: OperationInput['body'], name: string): string[] {
  const list = object[name];
  return Array.isArray(list) ? list.map((one) => String(one).split('/').at(-1) ?? '') : [];
}

function userData(user: ConnectUser, state: AgentPresence): object {
  const status = findAgentStatus(state.statusId);
  const next = state.nextStatusId === undefined ? undefined : findAgentStatus(state.nextStatusId);
  const slots = (count: (channel: Channel) => number) =>
    Object.fromEntries((Object.keys(MAX_CONTACTS) as Channel[]).map((channel) => [channel, count(channel)]));
  const active = (channel: Channel) => countOnChannel(state.contacts, channel);
  const routable = status?.Type === 'ROUTABLE' && !next;
  return {
    User: { Id: user.Id, Arn: user.Arn },
    RoutingProfile: {
      Id: user.RoutingProfileId,
      Arn: `${CONNECT_INSTANCE_ARN}/routing-profile/${user.RoutingProfileId}`,
    },
    Status: { StatusStartTimestamp: seconds(state.since), StatusArn: status?.Arn, StatusName: status?.Name },
    AvailableSlotsByChannel: slots((channel) => (routable ? MAX_CONTACTS[channel] - active(channel) : 0)),
    MaxSlotsByChannel: slots((channel) => MAX_CONTACTS[channel]),
    ActiveSlotsByChannel: slots(active),
    Contacts: state.contacts.map(({ ContactId, Channel, State, StateStartTimestamp }) => ({
      ContactId,
      Channel,
      InitiationMethod: 'INBOUND',
      AgentContactState: State,
      StateStartTimestamp: seconds(StateStartTimestamp),
      ConnectedToAgentTimestamp: seconds(StateStartTimestamp),
    })),
    ...(next ? { NextStatus: next.Name } : {}),
  };
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}
