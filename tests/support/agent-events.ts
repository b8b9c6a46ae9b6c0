import type { KinesisStreamRecord } from 'aws-lambda';

export const INSTANCE_ARN =
  'arn:aws:connect:eu-central-1:111122223333:instance/10ca1000-5017-4b0a-8d00-000000000001';

/** How an agent is, as an event's snapshot shows it. */
export interface SnapshotParts {
  name?: string;
  type?: 'ROUTABLE' | 'CUSTOM' | 'OFFLINE' | undefined;
  since?: string;
  contacts?: number;
  profile?: string;
}

export interface EventParts {
  agent?: string;
  id?: string;
  at?: string;
  type?: string;
  instance?: string;
  now?: SnapshotParts | null;
  before?: SnapshotParts | null;
}

export const SINCE = '2026-11-20T08:00:00.000Z';

export function snapshot({
  name = 'Available',
  type = 'ROUTABLE',
  since = SINCE,
  contacts = 0,
  profile = 'basic',
}: SnapshotParts) {
  return {
    AgentStatus: { ARN: `${INSTANCE_ARN}/agent-state/s`, Name: name, Type: type, StartTimestamp: since },
    NextAgentStatus: null,
    Configuration: {
      FirstName: 'Jane',
      LastName: 'Roe',
      Username: 'jane.roe',
      RoutingProfile: { ARN: `${INSTANCE_ARN}/routing-profile/${profile}`, Name: 'Basic', InboundQueues: [] },
    },
    Contacts: Array.from({ length: contacts }, (_, index) => ({
      ContactId: `c${index}`,
      Channel: 'VOICE',
      State: 'CONNECTED',
    })),
  };
}

/** An event as Connect writes it. */
export function agentEvent(parts: EventParts = {}) {
  const { agent = 'a1', id = 'e1', at = '2026-11-20T10:00:00.000Z', type = 'STATE_CHANGE' } = parts;
  const { instance = INSTANCE_ARN, now = {}, before = null } = parts;
  return {
    AWSAccountId: '111122223333',
    AgentARN: `${instance}/agent/${agent}`,
    CurrentAgentSnapshot: now && snapshot(now),
    EventId: id,
    EventTimestamp: at,
    EventType: type,
    InstanceARN: instance,
    PreviousAgentSnapshot: before && snapshot(before),
    Version: '2017-10-01',
  };
}

/** A record of the stream that holds a text, or an object as JSON. */
export function kinesisRecord(content: unknown, sequenceNumber = '1'): KinesisStreamRecord {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'agent',
      sequenceNumber,
      data: Buffer.from(text).toString('base64'),
      approximateArrivalTimestamp: 1763720285,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::111122223333:role/r',
    awsRegion: 'eu-central-1',
    eventSourceARN: 'arn:aws:kinesis:eu-central-1:111122223333:stream/agent-events',
  };
}
