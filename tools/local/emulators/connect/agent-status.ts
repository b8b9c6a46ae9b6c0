import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';
import type { ConnectUser } from './users.ts';

/** A status that agents can choose. */
export interface AgentStatus {
  Id: string;
  Arn: string;
  Name: string;
  Type: 'ROUTABLE' | 'CUSTOM' | 'OFFLINE';
}

/** A contact of an agent, with its state in the agent event stream. */
export interface AgentContact {
  ContactId: string;
  Channel: Channel;
  State: 'INCOMING' | 'CONNECTING' | 'CONNECTED' | 'CONNECTED_ONHOLD' | 'MISSED' | 'ERROR' | 'ENDED';
  StateStartTimestamp: string;
}

export type Channel = 'VOICE' | 'CHAT' | 'TASK';

/** The status and the contacts of an agent now. An agent who never logged in has none. */
export interface AgentPresence {
  userId: string;
  statusId: string;
  /** ISO time. */
  since: string;
  /** The status that applies when the current contacts end. */
  nextStatusId?: string;
  contacts: AgentContact[];
}

/** The statuses of the instance: the two defaults and two custom ones. */
export const AGENT_STATUSES: readonly AgentStatus[] = [
  kind('a9e57a70-0001-4000-8000-000000000001', 'Available', 'ROUTABLE'),
  kind('a9e57a70-0002-4000-8000-000000000002', 'Offline', 'OFFLINE'),
  kind('a9e57a70-0003-4000-8000-000000000003', 'Lunch', 'CUSTOM'),
  kind('a9e57a70-0004-4000-8000-000000000004', 'Training', 'CUSTOM'),
];

/** The maximum number of concurrent contacts of an agent by channel. */
export const MAX_CONTACTS: Readonly<Record<Channel, number>> = { VOICE: 1, CHAT: 2, TASK: 10 };

/** A user with the presence. */
export interface PresenceSnapshot {
  user: ConnectUser;
  state: AgentPresence;
}

/** By id, ARN or name. */
export function findAgentStatus(reference: string): AgentStatus | undefined {
  const id = reference.split('/').at(-1);
  return AGENT_STATUSES.find((one) => one.Id === id || one.Name === reference);
}

/** The status in which an agent takes contacts. */
export const AVAILABLE_STATUS_ID = AGENT_STATUSES[0]?.Id ?? '';

function kind(Id: string, Name: string, Type: AgentStatus['Type']): AgentStatus {
  return { Id, Arn: `${CONNECT_INSTANCE_ARN}/agent-state/${Id}`, Name, Type };
}
