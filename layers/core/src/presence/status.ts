import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { agentKey } from '#core/directory/agents.ts';
import type { Directory } from '#core/directory/table.ts';
import { textAttribute } from '#core/directory/table.ts';

/** `BUSY`: routable, with contacts. `AWAY`: in a custom status of the instance, such as Lunch. */
export const AVAILABILITIES = ['AVAILABLE', 'BUSY', 'AWAY', 'OFFLINE'] as const;
export type Availability = (typeof AVAILABILITIES)[number];

/** The part of an event that the directory stores. */
export interface AgentActivity {
  status: Availability;
  /** The name of the custom status, when the agent is `AWAY`. */
  customStatus?: string;
  /** The ISO time when the agent entered this status in Connect. Contacts do not change it. */
  since: string;
  routingProfileId?: string;
}

/**
 * The order of events: by time, then by ID. IDs are random, so of two events in one millisecond always the same one wins,
 * which may be the older one. The next heartbeat corrects that.
 */
export interface EventStamp {
  /** ISO time with milliseconds. */
  eventAt: string;
  eventId: string;
}

/** The newest stored event of an agent. */
export type StoredAgentStatus = AgentActivity & EventStamp;

/**
 * A status counts for this long after its event. An agent who is logged in sends a heartbeat every 120 seconds (Amazon
 * Connect, "Agent event streams data model"). About every second heartbeat is stored.
 */
export const MAX_STATUS_AGE_MS = 10 * 60_000;

/** Offline agents send no events, so `OFFLINE` counts until the item expires. */
export const STATUS_TTL_DAYS = 30;

export function statusKey(agentId: string) {
  return { ...agentKey(agentId), sk: 'STATUS' };
}

/** The key of one change. A redelivered event has the same key. */
export function historyKey(agentId: string, { eventAt, eventId }: EventStamp) {
  return { ...agentKey(agentId), sk: `STATUS#${eventAt}#${eventId}` };
}

export function isNewerEvent(one: EventStamp, other: EventStamp): boolean {
  return one.eventAt === other.eventAt ? one.eventId > other.eventId : one.eventAt > other.eventAt;
}

export function sameActivity(one: AgentActivity, other: AgentActivity): boolean {
  return (
    one.status === other.status &&
    one.customStatus === other.customStatus &&
    one.since === other.since &&
    one.routingProfileId === other.routingProfileId
  );
}

/** @returns undefined for an item that is not a status */
export function statusFromItem(item: Record<string, unknown> | undefined): StoredAgentStatus | undefined {
  const status = AVAILABILITIES.find((one) => one === item?.status);
  if (item?.sk !== 'STATUS' || status === undefined) return undefined;
  return {
    status,
    ...(typeof item.customStatus === 'string' ? { customStatus: item.customStatus } : {}),
    since: textAttribute(item.since),
    ...(typeof item.routingProfileId === 'string' ? { routingProfileId: item.routingProfileId } : {}),
    eventAt: textAttribute(item.eventAt),
    eventId: textAttribute(item.eventId),
  };
}

/** Whether a stored status still counts. */
export function isCurrentStatus({ status, eventAt }: StoredAgentStatus, now: Date): boolean {
  const age = now.getTime() - Date.parse(eventAt);
  return age <= (status === 'OFFLINE' ? STATUS_TTL_DAYS * 86_400_000 : MAX_STATUS_AGE_MS);
}

/**
 * Reads the status of an agent: one GetItem.
 *
 * @returns undefined when the agent has no status
 */
export async function getStatus(
  { client, table }: Directory,
  agentId: string,
  abortSignal: AbortSignal,
): Promise<StoredAgentStatus | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: statusKey(agentId) }), {
    abortSignal,
  });
  return statusFromItem(Item);
}
