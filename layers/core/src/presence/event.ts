import type { KinesisStreamRecord } from 'aws-lambda';
import * as v from 'valibot';
import { InvalidInputError } from '#core/platform/errors.ts';
import { type AgentActivity, type EventStamp, sameActivity } from './status.ts';

/** One event of the agent event stream. */
export interface AgentActivityEvent extends EventStamp {
  agentId: string;
  activity: AgentActivity;
  /** Connect sends a heartbeat every 120 seconds when nothing else happens. */
  heartbeat: boolean;
  /** Whether the event changes what is stored. It follows from the event alone, so the order of events does not matter. */
  change: boolean;
}

/** Clocks differ slightly. An event further in the future would hide all later events. */
const MAX_CLOCK_SKEW_MS = 5 * 60_000;
const MAX_STATUS_NAME_LENGTH = 127;

const time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/),
  v.transform((written) => new Date(written)),
  v.date(),
  v.transform((date) => date.toISOString()),
);

const snapshot = v.object({
  AgentStatus: v.object({
    Name: v.nullish(v.string()),
    Type: v.nullish(v.string()),
    StartTimestamp: v.nullish(time),
  }),
  Contacts: v.nullish(v.array(v.unknown())),
  Configuration: v.nullish(v.object({ RoutingProfile: v.nullish(v.object({ ARN: v.nullish(v.string()) })) })),
});
type Snapshot = v.InferOutput<typeof snapshot>;

/** The fields that Switchboard uses of "Agent event streams data model" (Amazon Connect), version 2017-10-01. */
const agentEvent = v.object({
  AgentARN: v.string(),
  InstanceARN: v.string(),
  EventId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  EventTimestamp: time,
  EventType: v.string(),
  CurrentAgentSnapshot: v.nullish(snapshot),
  // It says only whether the event is a change. An unreadable snapshot counts as a change.
  PreviousAgentSnapshot: v.fallback(v.nullish(snapshot), null),
});

/**
 * Parses one record of the agent event stream.
 *
 * @returns undefined for an event of another instance, because instances can share a stream
 * @throws {InvalidInputError} `MALFORMED_RECORD`, which a redelivery does not fix
 */
export function parseAgentEvent(
  record: KinesisStreamRecord,
  instanceArn: string,
  now: Date,
): AgentActivityEvent | undefined {
  const parsed = v.safeParse(agentEvent, jsonOf(record));
  if (!parsed.success)
    throw malformed(`${v.getDotPath(parsed.issues[0]) ?? 'the event'} does not match the data model`);
  const event = parsed.output;
  if (event.InstanceARN !== instanceArn) return undefined;
  const [, agentId] = /\/agent\/([\w-]{1,128})$/.exec(event.AgentARN) ?? [];
  if (agentId === undefined) throw malformed('AgentARN is not the ARN of an agent');
  const eventAt = event.EventTimestamp;
  if (Date.parse(eventAt) > now.getTime() + MAX_CLOCK_SKEW_MS)
    throw malformed('EventTimestamp is in the future');
  const activity = activityOf(event.EventType, event.CurrentAgentSnapshot, eventAt);
  const heartbeat = event.EventType === 'HEART_BEAT';
  return {
    agentId,
    eventAt,
    eventId: event.EventId,
    activity,
    heartbeat,
    change: !heartbeat && isChange(event.EventType, event.PreviousAgentSnapshot, activity, eventAt),
  };
}

/**
 * Whether a heartbeat shows a status from before the stored one. Heartbeats continue for up to an hour after an agent logs
 * out (Amazon Connect, "Agent event streams data model"), and show the status before the logout.
 */
export function isStaleHeartbeat(
  { heartbeat, activity }: AgentActivityEvent,
  stored: AgentActivity,
): boolean {
  return heartbeat && activity.since < stored.since;
}

function jsonOf({ kinesis }: KinesisStreamRecord): unknown {
  try {
    return JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed('it is not valid JSON');
    throw error;
  }
}

function activityOf(type: string, current: Snapshot | null | undefined, eventAt: string): AgentActivity {
  const since = current?.AgentStatus.StartTimestamp ?? eventAt;
  if (type === 'LOGOUT' && !(current && statusTypeOf(current) === 'OFFLINE')) {
    return { status: 'OFFLINE', since: eventAt, ...routingProfileOf(current) };
  }
  if (!current) throw malformed('CurrentAgentSnapshot is missing');
  switch (statusTypeOf(current)) {
    case 'ROUTABLE': {
      const status = (current.Contacts ?? []).length > 0 ? 'BUSY' : 'AVAILABLE';
      return { status, since, ...routingProfileOf(current) };
    }
    case 'OFFLINE':
      return { status: 'OFFLINE', since, ...routingProfileOf(current) };
    case 'CUSTOM': {
      const customStatus = current.AgentStatus.Name?.slice(0, MAX_STATUS_NAME_LENGTH);
      return {
        status: 'AWAY',
        ...(customStatus ? { customStatus } : {}),
        since,
        ...routingProfileOf(current),
      };
    }
  }
}

/**
 * The published sample events have no type. For them, the two status names that every instance has decide. An unknown type
 * is not routable, so it counts as a custom status.
 */
function statusTypeOf({ AgentStatus: { Name, Type } }: Snapshot): 'ROUTABLE' | 'CUSTOM' | 'OFFLINE' {
  if (Type) return Type === 'ROUTABLE' || Type === 'OFFLINE' ? Type : 'CUSTOM';
  if (Name === 'Available') return 'ROUTABLE';
  return Name === 'Offline' ? 'OFFLINE' : 'CUSTOM';
}

function routingProfileOf(current: Snapshot | null | undefined): { routingProfileId?: string } {
  const id = /\/routing-profile\/([\w-]{1,128})$/.exec(
    current?.Configuration?.RoutingProfile?.ARN ?? '',
  )?.[1];
  return id === undefined ? {} : { routingProfileId: id };
}

function isChange(
  type: string,
  previous: Snapshot | null | undefined,
  activity: AgentActivity,
  eventAt: string,
): boolean {
  if (type === 'LOGIN' || type === 'LOGOUT' || !previous) return true;
  return !sameActivity(activityOf('', previous, eventAt), activity);
}

function malformed(what: string): InvalidInputError {
  return new InvalidInputError('MALFORMED_RECORD', `The record is not an agent event: ${what}.`);
}
