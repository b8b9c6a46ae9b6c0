import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Directory } from '#core/directory/table.ts';
import { textAttribute } from '#core/directory/text.ts';

/** `BUSY`: routable, but on contacts. `AWAY`: in a status of the instance's own, such as Lunch. */
export const AVAILABILITIES = ['AVAILABLE', 'BUSY', 'AWAY', 'OFFLINE'] as const;
export type Availability = (typeof AVAILABILITIES)[number];

/** What an event says about an agent, as much of it as the directory keeps. */
export interface AgentActivity {
  status: Availability;
  /** The name of the instance's own status, when the agent is `AWAY`. */
  customStatus?: string;
  /** Since when the agent has this status of Connect, as ISO time; contacts do not change it. */
  since: string;
  routingProfileId?: string;
}

/**
 * Which event said so. Events are ordered by their time, and at the same time by their ids. Ids are random, so of two
 * events of one millisecond either may win, but always the same one; the next heartbeat puts right what is wrong.
 */
export interface EventStamp {
  /** ISO time with milliseconds. */
  eventAt: string;
  eventId: string;
}

/** The newest that is known of an agent. */
export type AgentStatus = AgentActivity & EventStamp;

/**
 * A status is believed for this long after its event. An agent who is logged in sends a heartbeat every 120 seconds
 * (Amazon Connect, "Agent event streams data model"), of which about every second one is stored.
 */
export const BELIEVED_MS = 10 * 60_000;

/** Who is offline sends nothing, so that is believed until the item's time is over. */
export const KEPT_DAYS = 30;

export function statusKey(agentId: string) {
  return { pk: `AGENT#${agentId}`, sk: 'STATUS' };
}

/** One change of an agent: the same event always has the same key, however often it is delivered. */
export function historyKey(agentId: string, { eventAt, eventId }: EventStamp) {
  return { pk: `AGENT#${agentId}`, sk: `STATUS#${eventAt}#${eventId}` };
}

export function isNewer(one: EventStamp, other: EventStamp): boolean {
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

/** Undefined for an item that is no status, whatever wrote it. */
export function statusFromItem(item: Record<string, unknown> | undefined): AgentStatus | undefined {
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

/** Whether what was known at some time may still be told. */
export function isBelieved({ status, eventAt }: AgentStatus, now: Date): boolean {
  const age = now.getTime() - Date.parse(eventAt);
  return age <= (status === 'OFFLINE' ? KEPT_DAYS * 86_400_000 : BELIEVED_MS);
}

/**
 * Reads the status of an agent: one GetItem.
 *
 * @returns undefined when no event of the agent was seen
 */
export async function getStatus(
  { client, table }: Directory,
  agentId: string,
  abortSignal: AbortSignal,
): Promise<AgentStatus | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: statusKey(agentId) }), {
    abortSignal,
  });
  return statusFromItem(Item);
}
