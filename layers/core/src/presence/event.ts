import type { KinesisStreamRecord } from 'aws-lambda';
import * as v from 'valibot';
import { InvalidInputError } from '#core/platform/errors.ts';
import { type AgentActivity, type EventStamp, sameActivity } from './status.ts';

/** One event of the agent event stream. */
export interface AgentEvent extends EventStamp {
  agentId: string;
  activity: AgentActivity;
  /** A sign of life, every 120 seconds when nothing else happens. */
  heartbeat: boolean;
  /** Whether what is kept of an agent changed with it. It follows from the event alone, so order does not matter. */
  change: boolean;
}

/** Clocks differ a little; an event from further ahead would hide all that come after it. */
const AHEAD_MS = 5 * 60_000;
const LONGEST_NAME = 127;

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

/** The parts we use of Amazon Connect's "Agent event streams data model", Version 2017-10-01; more may be there. */
const agentEvent = v.object({
  AgentARN: v.string(),
  InstanceARN: v.string(),
  EventId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  EventTimestamp: time,
  EventType: v.string(),
  CurrentAgentSnapshot: v.nullish(snapshot),
  // Only says whether the event is a change; what cannot be read is taken for one.
  PreviousAgentSnapshot: v.fallback(v.nullish(snapshot), null),
});

/**
 * Reads one record of the agent event stream.
 *
 * @returns undefined for an event of another instance, which may share the stream
 * @throws {InvalidInputError} `MALFORMED_RECORD`; delivering it again never helps
 */
export function readAgentEvent(
  record: KinesisStreamRecord,
  instanceArn: string,
  now: Date,
): AgentEvent | undefined {
  const parsed = v.safeParse(agentEvent, jsonOf(record));
  if (!parsed.success)
    throw malformed(`${v.getDotPath(parsed.issues[0]) ?? 'the event'} is not what it should be`);
  const event = parsed.output;
  if (event.InstanceARN !== instanceArn) return undefined;
  const [, agentId] = /\/agent\/([\w-]{1,128})$/.exec(event.AgentARN) ?? [];
  if (agentId === undefined) throw malformed('AgentARN is not that of an agent');
  const eventAt = event.EventTimestamp;
  if (Date.parse(eventAt) > now.getTime() + AHEAD_MS) throw malformed('EventTimestamp lies in the future');
  const activity = activityOf(event.EventType, event.CurrentAgentSnapshot, eventAt);
  const heartbeat = event.EventType === 'HEART_BEAT';
  return {
    agentId,
    eventAt,
    eventId: event.EventId,
    activity,
    heartbeat,
    change: !heartbeat && changed(event.EventType, event.PreviousAgentSnapshot, activity, eventAt),
  };
}

/**
 * Whether an event repeats what was before: heartbeats go on for up to an hour after an agent has logged off (Amazon
 * Connect, "Agent event streams data model"), and show a status that began before that.
 */
export function isEcho({ heartbeat, activity }: AgentEvent, known: AgentActivity): boolean {
  return heartbeat && activity.since < known.since;
}

function jsonOf({ kinesis }: KinesisStreamRecord): unknown {
  try {
    return JSON.parse(Buffer.from(kinesis.data, 'base64').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed('it is not JSON');
    throw error;
  }
}

function activityOf(type: string, current: Snapshot | null | undefined, eventAt: string): AgentActivity {
  const since = current?.AgentStatus.StartTimestamp ?? eventAt;
  if (type === 'LOGOUT' && !(current && typeOf(current) === 'OFFLINE')) {
    return { status: 'OFFLINE', since: eventAt, ...routing(current) };
  }
  if (!current) throw malformed('CurrentAgentSnapshot is missing');
  switch (typeOf(current)) {
    case 'ROUTABLE': {
      const status = (current.Contacts ?? []).length > 0 ? 'BUSY' : 'AVAILABLE';
      return { status, since, ...routing(current) };
    }
    case 'OFFLINE':
      return { status: 'OFFLINE', since, ...routing(current) };
    case 'CUSTOM': {
      const customStatus = current.AgentStatus.Name?.slice(0, LONGEST_NAME);
      return { status: 'AWAY', ...(customStatus ? { customStatus } : {}), since, ...routing(current) };
    }
  }
}

/**
 * The published samples of events leave the type out; then the two names that every instance begins with tell it. A type
 * that we do not know is not routable, so it counts as a status of the instance's own.
 */
function typeOf({ AgentStatus: { Name, Type } }: Snapshot): 'ROUTABLE' | 'CUSTOM' | 'OFFLINE' {
  if (Type) return Type === 'ROUTABLE' || Type === 'OFFLINE' ? Type : 'CUSTOM';
  if (Name === 'Available') return 'ROUTABLE';
  return Name === 'Offline' ? 'OFFLINE' : 'CUSTOM';
}

function routing(current: Snapshot | null | undefined): { routingProfileId?: string } {
  const id = /\/routing-profile\/([\w-]{1,128})$/.exec(
    current?.Configuration?.RoutingProfile?.ARN ?? '',
  )?.[1];
  return id === undefined ? {} : { routingProfileId: id };
}

function changed(
  type: string,
  previous: Snapshot | null | undefined,
  activity: AgentActivity,
  eventAt: string,
): boolean {
  if (type === 'LOGIN' || type === 'LOGOUT' || !previous) return true;
  return !sameActivity(activityOf('', previous, eventAt), activity);
}

function malformed(what: string): InvalidInputError {
  return new InvalidInputError('MALFORMED_RECORD', `The record is no event of an agent: ${what}.`);
}
