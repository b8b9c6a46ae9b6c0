import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import type { JsonObject } from '#tools/json.ts';
import { LOCAL } from '#tools/local/template/index.ts';

/** A record as Lambda delivers it: binary as base64, times as seconds. */
export interface DynamodbRecord extends JsonObject {
  eventName: string;
  dynamodb: JsonObject & { SequenceNumber: string; ApproximateCreationDateTime: number };
}

export function toDynamodbRecord(record: StreamRecord, streamArn: string): DynamodbRecord {
  const { dynamodb = {} } = record;
  return {
    eventID: record.eventID ?? '',
    eventName: record.eventName ?? '',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: LOCAL.region,
    dynamodb: {
      ...(toJson({ ...dynamodb }) as JsonObject),
      SequenceNumber: dynamodb.SequenceNumber ?? '',
      ApproximateCreationDateTime: Math.floor((dynamodb.ApproximateCreationDateTime?.getTime() ?? 0) / 1000),
    },
    eventSourceARN: streamArn,
  };
}

/** The embedded engine reports an update that changed nothing; the real service does not. */
export function isNoopUpdate({ eventName, dynamodb }: DynamodbRecord): boolean {
  return (
    eventName === 'MODIFY' &&
    dynamodb.OldImage !== undefined &&
    canonical(dynamodb.OldImage) === canonical(dynamodb.NewImage)
  );
}

function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => [key, toJson(entry)]),
  );
}

/** A canonical text of an item: attributes and members of sets have no order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, entry: unknown) => {
    if (Array.isArray(entry)) return ['SS', 'NS', 'BS'].includes(key) ? [...entry].sort() : entry;
    if (typeof entry !== 'object' || entry === null) return entry;
    return Object.fromEntries(Object.entries(entry).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
