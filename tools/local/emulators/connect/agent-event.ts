import { randomUUID } from 'node:crypto';
import type { JsonObject } from '#tools/json.ts';
import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';
import { type AgentContact, type Channel, SLOTS, type Snapshot, statusKind } from './agent-status.ts';

export type AgentEventType = 'LOGIN' | 'STATE_CHANGE' | 'HEART_BEAT';

export type AgentEvent = JsonObject & { AgentARN: string };

/** An event as Connect puts it into the agent event stream; see "Agent event streams data model". */
export function agentEvent(
  type: AgentEventType,
  at: Date,
  before: Snapshot | undefined,
  now: Snapshot,
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

function snapshot({ user, state }: Snapshot): JsonObject {
  const next = state.nextStatusId === undefined ? undefined : statusKind(state.nextStatusId);
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
        Concurrency: (Object.keys(SLOTS) as Channel[]).map((Channel) => ({
          AvailableSlots: SLOTS[Channel] - onChannel(state.contacts, Channel),
          Channel,
          MaximumSlots: SLOTS[Channel],
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

export function onChannel(contacts: readonly AgentContact[], channel: Channel): number {
  return contacts.filter(({ Channel }) => Channel === channel).length;
}

function statusOf(id: string): JsonObject {
  const status = statusKind(id);
  return { ARN: status?.Arn ?? null, Name: status?.Name ?? null, Type: status?.Type ?? null };
}
