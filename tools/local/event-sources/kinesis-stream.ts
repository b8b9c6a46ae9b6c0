import { isObject, type JsonObject } from '#tools/json.ts';
import type { DeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import type { DataRecord, DataStream } from '#tools/local/emulators/kinesis.ts';
import type { FunctionHost } from '#tools/local/lambda/function-host.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { createFailureRecord, deliverWithRetries } from './delivery.ts';
import { matchesEventPattern } from './event-pattern.ts';
import type { KinesisMapping } from './mappings.ts';
import { type StreamPoller, waitBeforeRetry } from './poller.ts';

export interface KinesisPollerOptions {
  mapping: KinesisMapping;
  stream: DataStream;
  host: Pick<FunctionHost, 'invoke'>;
  queues: DeadLetterQueues;
}

/** A record as Lambda delivers it. */
type KinesisRecord = JsonObject & {
  kinesis: JsonObject & { sequenceNumber: string; approximateArrivalTimestamp: number };
};

const SHARD = 'shardId-000000000000';

/** Delivers a data stream to one function in order. The position is lost when the process ends. */
export function createKinesisPoller({ mapping, stream, host, queues }: KinesisPollerOptions): StreamPoller {
  const stopping = new AbortController();
  let waiting: KinesisRecord[] = [];
  let running: Promise<void> = Promise.resolve();
  let delivering = false;
  let unfollow = () => {};

  function arrive(record: DataRecord): void {
    waiting.push(delivered(record, stream.arn));
    if (delivering) return;
    delivering = true;
    // Records that arrive at the same moment form one batch.
    running = new Promise((resolve) => setImmediate(resolve)).then(run);
  }

  async function run(): Promise<void> {
    while (waiting.length > 0 && !stopping.signal.aborted) {
      const batch = waiting.splice(0, mapping.batchSize);
      const wanted = batch.filter(passesFilters);
      if (wanted.length > 0) await deliverBatch(wanted);
    }
    delivering = false;
  }

  /** A filter on `data` matches only JSON data. */
  function passesFilters(record: KinesisRecord): boolean {
    if (mapping.filters.length === 0) return true;
    const view = { ...record, data: parsed(record) };
    return mapping.filters.some((filter) => matchesEventPattern(filter, view));
  }

  function deliverBatch(records: KinesisRecord[]): Promise<boolean> {
    return deliverWithRetries(records, mapping, {
      sequenceNumberOf: ({ kinesis }) => kinesis.sequenceNumber,
      invoke: async (Records) =>
        (await host.invoke(mapping.functionName, JSON.stringify({ Records }))).outcome,
      giveUp(lost, attempts) {
        const times = lost.map(({ kinesis }) => new Date(kinesis.approximateArrivalTimestamp * 1000));
        const [first = new Date(0)] = times;
        if (!mapping.onFailureArn) return;
        const place = {
          shardId: SHARD,
          streamArn: stream.arn,
          sequenceNumbers: lost.map(({ kinesis }) => kinesis.sequenceNumber),
          arrived: [first, times.at(-1) ?? first] as [Date, Date],
        };
        queues.send(mapping.onFailureArn, createFailureRecord('KinesisBatchInfo', mapping, attempts, place));
      },
      pause: (attempt) => waitBeforeRetry(attempt, stopping.signal),
    });
  }

  return {
    start() {
      unfollow = stream.subscribe(arrive);
    },
    caughtUp: () => running,
    async stop() {
      unfollow();
      stopping.abort();
      waiting = [];
      await running;
    },
  };
}

function delivered(
  { partitionKey, sequenceNumber, data, arrivedAt }: DataRecord,
  arn: string,
): KinesisRecord {
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber,
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: arrivedAt.getTime() / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${SHARD}:${sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: `arn:${LOCAL.partition}:iam::${LOCAL.account}:role/local`,
    awsRegion: LOCAL.region,
    eventSourceARN: arn,
  };
}

function parsed({ kinesis }: KinesisRecord): JsonObject | string {
  const text = Buffer.from(String(kinesis.data), 'base64').toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : text;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
