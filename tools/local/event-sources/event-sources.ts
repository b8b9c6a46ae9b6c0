import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import type { DataStream } from '#tools/local/emulators/kinesis.ts';
import type { AsyncInvoker } from '#tools/local/lambda/async-invoker.ts';
import type { FunctionHost } from '#tools/local/lambda/function-host.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { createDynamodbPoller } from './dynamodb-stream.ts';
import { createKinesisPoller } from './kinesis-stream.ts';
import { dynamodbMappings, type KinesisMapping, kinesisMappings } from './mappings.ts';
import { createCheckpoints, type StreamPoller } from './poller.ts';
import { createSchedules } from './schedules.ts';

export { checkEventSources } from './mappings.ts';
export { createEventBus, createTopics } from './subscriptions.ts';

export interface EventSources {
  startStreams(): void;
  /** Runs every schedule once, waits for the end, and then starts them. Returns the functions that failed. */
  startSchedules(): Promise<string[]>;
  /** Resolves when the streams are delivered up to now, except those of `fireAndForget` functions. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

export interface EventSourceOptions {
  endpoint: string;
  dataDir: string | undefined;
  host: FunctionHost;
  asynchronous: AsyncInvoker;
  queues: DeadLetterQueues;
  /** The emulators for data streams. */
  dataStreams: readonly DataStream[];
  /** Functions with long runs: callers wait neither for their first run nor for their streams. */
  fireAndForget?: readonly string[];
}

/** A run that sends texts can take a minute. Interrupted records are delivered again. */
const STOP_MS = 3_000;

/** Streams and schedules of the template. */
export function createEventSources(options: EventSourceOptions): EventSources {
  const { endpoint, dataDir, host, asynchronous, queues, dataStreams, fireAndForget = [] } = options;
  const client = new DynamoDBStreamsClient({
    endpoint,
    region: LOCAL.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const checkpoints = createCheckpoints(dataDir);
  const pollers: { functionName: string; poller: StreamPoller }[] = [
    ...dynamodbMappings(host.definitions).map((mapping) => ({
      functionName: mapping.functionName,
      poller: createDynamodbPoller({ mapping, client, host, queues, checkpoints }),
    })),
    ...kinesisMappings(host.definitions).map((mapping) => ({
      functionName: mapping.functionName,
      poller: createKinesisPoller({ mapping, stream: streamOf(mapping, dataStreams), host, queues }),
    })),
  ];
  const schedules = createSchedules(host.definitions.values(), asynchronous.run);
  return {
    startStreams() {
      for (const { poller } of pollers) poller.start();
    },
    async startSchedules() {
      const failed = await schedules.fireOnce(fireAndForget);
      schedules.start();
      return failed;
    },
    async caughtUp() {
      const awaited = pollers.filter(({ functionName }) => !fireAndForget.includes(functionName));
      await Promise.all(awaited.map(({ poller }) => poller.caughtUp()));
    },
    async stop() {
      schedules.stop();
      const ends = pollers.map(({ poller }) => poller.stop());
      await Promise.race([Promise.all(ends), delay(STOP_MS, undefined, { ref: false })]);
      client.destroy();
    },
  };
}

function streamOf({ functionName, streamArn }: KinesisMapping, streams: readonly DataStream[]): DataStream {
  const stream = streams.find(({ arn }) => arn === streamArn);
  if (stream) return stream;
  const known = streams.map(({ arn }) => arn).join(', ');
  throw new Error(`${functionName} reads ${streamArn}, which does not exist. Streams: ${known}.`);
}
