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

/** What a function hears that follows the streams of tables, one after the other. */
async function follow(streams: Record<string, DynamoDBStreamsClient>): Promise<string[]> {
  const got: string[] = [];
  const host = {
    async invoke(_: string, event: string) {
      const { Records } = JSON.parse(event) as { Records: DynamodbRecord[] };
      got.push(...Records.map(({ dynamodb }) => dynamodb.SequenceNumber));
      return { requestId: '', log: '', outcome: { kind: 'answer', payload: '{}' } };
    },
  } as unknown as FunctionHost;
  const checkpoints = createCheckpoints(undefined);
  for (const [tableName, client] of Object.entries(streams)) {
    const mapping = {
      functionName: 'TestFunction',
      tableName,
      batchSize: 4,
      fromLatest: false,
      maximumRetries: 1,
      filters: [],
    } as unknown as DynamodbMapping;
    const poller = createDynamodbPoller({
      mapping,
      client,
      host,
      queues: createDeadLetterQueues(undefined, []),
      checkpoints,
    });
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

  expect(await follow({ T: stream })).toEqual(['1', '2', '3', '4', '5']);
});

test('a function that follows two tables has a place of its own in each', async () => {
  const places: (string | undefined)[] = [];
  const remembering = (name: string) => {
    const { send } = fakeStream({ shard: { pages: [[name]] } });
    return {
      send: (command: { input: { ShardIteratorType?: string } }) => {
        if (command instanceof GetShardIteratorCommand) places.push(command.input.ShardIteratorType);
        return send(command as never);
      },
    } as unknown as DynamoDBStreamsClient;
  };

  expect(await follow({ T: remembering('1'), U: remembering('2') })).toEqual(['1', '2']);
  expect(places).toEqual(['TRIM_HORIZON', 'TRIM_HORIZON']);
});
