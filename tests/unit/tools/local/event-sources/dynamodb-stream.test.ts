import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { createDeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import type { DynamodbRecord } from '#tools/local/event-sources/dynamodb-record.ts';
import { createDynamodbPoller } from '#tools/local/event-sources/dynamodb-stream.ts';
import type { DynamodbMapping } from '#tools/local/event-sources/mappings.ts';
import { createCheckpoints } from '#tools/local/event-sources/poller.ts';
import type { FunctionHost } from '#tools/local/lambda/function-host.ts';

/** A stream whose pages are given by shard; the last page of a shard is its end. */
function fakeStream(shards: Record<string, { parent?: string; pages: string[][] }>): DynamoDBStreamsClient {
  const send = async (command: { input: Record<string, string> }) => {
    if (command instanceof DescribeStreamCommand) {
      const Shards = Object.entries(shards).map(([ShardId, { parent }]) => ({
        ShardId,
        ParentShardId: parent,
      }));
      return { StreamDescription: { Shards } };
    }
    if (command instanceof GetShardIteratorCommand) return { ShardIterator: `${command.input.ShardId} 0` };
    if (command instanceof GetRecordsCommand) {
      const [id = '', page] = (command.input.ShardIterator ?? '').split(' ');
      const { pages = [] } = shards[id] ?? {};
      const next = Number(page) + 1;
      const Records = (pages[Number(page)] ?? []).map((key) => ({
        eventName: 'INSERT',
        dynamodb: { Keys: { pk: { S: key } }, NewImage: { pk: { S: key } }, SequenceNumber: key },
      }));
      return { Records, NextShardIterator: next < pages.length ? `${id} ${next}` : undefined };
    }
    return { Streams: [{ StreamArn: 'arn' }] };
  };
  return { send } as unknown as DynamoDBStreamsClient;
}

/** A stream of one record, and where each reader began. */
function recordStarts() {
  const starts: (string | undefined)[] = [];
  const { send } = fakeStream({ shard: { pages: [['1']] } });
  const client = {
    send(command: { input: { ShardIteratorType?: string } }) {
      if (command instanceof GetShardIteratorCommand) starts.push(command.input.ShardIteratorType);
      return send(command as never);
    },
  } as unknown as DynamoDBStreamsClient;
  return { client, starts };
}

/** Reads the stream once for each event source, with one store of checkpoints. Returns what each function got. */
async function readStream(
  client: DynamoDBStreamsClient,
  sources: Partial<DynamodbMapping>[],
): Promise<string[]> {
  const got: string[] = [];
  const host = {
    async invoke(name: string, event: string) {
      const { Records } = JSON.parse(event) as { Records: DynamodbRecord[] };
      got.push(...Records.map(({ dynamodb }) => `${name} ${dynamodb.SequenceNumber}`));
      return { requestId: '', log: '', outcome: { kind: 'answer', payload: '{}' } };
    },
  } as unknown as FunctionHost;
  const checkpoints = createCheckpoints(undefined);
  for (const source of sources) {
    const mapping: DynamodbMapping = {
      functionName: 'A',
      sourceName: 'Stream',
      functionArn: 'arn',
      tableName: 'T',
      batchSize: 4,
      fromLatest: false,
      maximumRetries: 1,
      bisect: false,
      reportsFailures: false,
      filters: [],
      ...source,
    };
    const queues = createDeadLetterQueues(undefined, []);
    const poller = createDynamodbPoller({ mapping, client, host, queues, checkpoints });
    poller.start();
    await poller.caughtUp();
    await poller.stop();
  }
  return got;
}

test('a child shard is read when its parent is read to its end, even past an empty page', async () => {
  const stream = fakeStream({
    child: { parent: 'parent', pages: [['4'], ['5']] },
    parent: { parent: 'trimmed', pages: [['1'], [], ['2', '3']] },
  });

  expect(await readStream(stream, [{}])).toEqual(['A 1', 'A 2', 'A 3', 'A 4', 'A 5']);
});

test.each<[string, Partial<DynamodbMapping>]>([
  ['a second function on the table', { functionName: 'B' }],
  ['a second event source of the function', { sourceName: 'Other' }],
  ['the stream of another table', { tableName: 'U' }],
])('%s has its own checkpoint', async (_, source) => {
  const { client, starts } = recordStarts();

  expect(await readStream(client, [{}, source])).toEqual(['A 1', `${source.functionName ?? 'A'} 1`]);
  expect(starts).toEqual(['TRIM_HORIZON', 'TRIM_HORIZON']);
});

test('the same event source continues after its checkpoint', async () => {
  const { client, starts } = recordStarts();

  await readStream(client, [{}, {}]);

  expect(starts).toEqual(['TRIM_HORIZON', 'AFTER_SEQUENCE_NUMBER']);
});
