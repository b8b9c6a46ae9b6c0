import { randomUUID } from 'node:crypto';
import type { JsonObject } from '#tools/json.ts';
import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';
import {
  type AgentContact,
  type Channel,
  findAgentStatus,
  MAX_CONTACTS,
  type PresenceSnapshot,
} from './agent-status.ts';

export type AgentEventType = 'LOGIN' | 'STATE_CHANGE' | 'HEART_BEAT';

export type AgentEvent = JsonObject & { AgentARN: string };

/** An event of the agent event stream; see "Agent event streams data model". */
export function createAgentEvent(
  type: AgentEventType,
  at: Date,
  before: PresenceSnapshot | undefined,
  now: PresenceSnapshot,
): AgentEvent {
  return {
    AWSAccountId: LOCAL.account,
    AgentARN: now.user.Arn,
    CurrentAgentSnapshot: snapshot(now),
    EventId: randomUUID(),
    EventTimestamp: at.toISOString(),
    EventType: type,
    InstanceARN: CONNECT_INSTANCE_ARN,
    PreviousAgentSnapshot: before ? snapshot(before) : null,
    Version: '2017-10-01',
  };
}

function snapshot({ user, state }: PresenceSnapshot): JsonObject {
  const next = state.nextStatusId === undefined ? undefined : findAgentStatus(state.nextStatusId);
  return {
    AgentStatus: { ...statusOf(state.statusId), StartTimestamp: state.since },
    NextAgentStatus: next ? { ARN: next.Arn, Name: next.Name } : null,
    Configuration: {
      AgentHierarchyGroups: null,
      FirstName: user.IdentityInfo.FirstName ?? null,
      LastName: user.IdentityInfo.LastName ?? null,
      Proficiencies: [],
      RoutingProfile: {
        ARN: `${CONNECT_INSTANCE_ARN}/routing-profile/${user.RoutingProfileId}`,
        Concurrency: (Object.keys(MAX_CONTACTS) as Channel[]).map((Channel) => ({
          AvailableSlots: MAX_CONTACTS[Channel] - countOnChannel(state.contacts, Channel),
          Channel,
          MaximumSlots: MAX_CONTACTS[Channel],
        })),
        DefaultOutboundQueue: null,
        InboundQueues: [],
        Name: 'Basic Routing Profile',
      },
      Username: user.Username,
    },
    Contacts: state.contacts.map(({ ContactId, Channel, State, StateStartTimestamp }) => ({
      Channel,
      ConnectedToAgentTimestamp: StateStartTimestamp,
      ContactId,
      InitialContactId: null,
      InitiationMethod: 'INBOUND',
      Queue: null,
      QueueTimestamp: null,
      State,
      StateStartTimestamp,
    })),
  };
}

export function countOnChannel(contacts: readonly AgentContact[], channel: Channel): number {
  return contacts.filter(({ Channel }) => Channel === channel).length;
}

function statusOf(id: string): JsonObject {
  const status = findAgentStatus(id);
  return { ARN: status?.Arn ?? null, Name: status?.Name ?? null, Type: status?.Type ?? null };
}
