import { createDeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import { createDataStream } from '#tools/local/emulators/kinesis.ts';
import { createKinesisPoller } from '#tools/local/event-sources/kinesis-stream.ts';
import type { KinesisMapping } from '#tools/local/event-sources/mappings.ts';

const ARN = 'arn:aws:kinesis:eu-central-1:111122223333:stream/test';
const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:Lost';
const mapping: KinesisMapping = {
  functionName: 'TestFunction',
  sourceName: 'Stream',
  functionArn: 'arn',
  streamArn: ARN,
  batchSize: 3,
  fromLatest: true,
  maximumRetries: 1,
  bisect: true,
  reportsFailures: true,
  filters: [],
  onFailureArn: QUEUE,
};

/** A stream that a function follows which fails on some texts; what it got, batch by batch. */
function follow(poison: string[] = [], changes: Partial<KinesisMapping> = {}) {
  const stream = createDataStream(ARN);
  const queues = createDeadLetterQueues(undefined, ['Lost']);
  const batches: string[][] = [];
  const events: string[] = [];
  const host = {
    async invoke(_: string, event: string) {
      events.push(event);
      const { Records } = JSON.parse(event) as {
        Records: { kinesis: { data: string; sequenceNumber: string } }[];
      };
      const texts = Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
      batches.push(texts);
      const failed = Records.filter((__, index) => poison.includes(texts[index] ?? ''));
      const batchItemFailures = failed.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber }));
      const payload = JSON.stringify({ batchItemFailures });
      return { requestId: '', log: '', outcome: { kind: 'answer' as const, payload } };
    },
  };
  const poller = createKinesisPoller({ mapping: { ...mapping, ...changes }, stream, host, queues });
  return { stream, queues, batches, events, poller };
}

test('records arrive in order, in batches of the size that the mapping names', async () => {
  const { stream, batches, poller } = follow();
  poller.start();
  for (const text of ['1', '2', '3', '4']) stream.put('agent', text);
  await poller.caughtUp();
  await poller.stop();

  expect(batches).toEqual([['1', '2', '3'], ['4']]);
});

test('a record has the format of Lambda', async () => {
  const { stream, events, poller } = follow();
  poller.start();
  stream.put('agent', 'text');
  await poller.caughtUp();
  await poller.stop();

  expect(JSON.parse(events[0] ?? '')).toEqual({
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'agent',
          sequenceNumber: expect.stringMatching(/^\d{56}$/),
          data: Buffer.from('text').toString('base64'),
          approximateArrivalTimestamp: expect.any(Number),
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: expect.stringMatching(/^shardId-000000000000:\d{56}$/),
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: expect.stringContaining(':role/'),
        awsRegion: 'eu-central-1',
        eventSourceARN: ARN,
      },
    ],
  });
});

test('records from before the subscription are delivered', async () => {
  const { stream, batches, poller } = follow();
  stream.put('agent', 'early');
  poller.start();
  await poller.caughtUp();
  await poller.stop();

  expect(batches).toEqual([['early']]);
});

test('a poison record is in the queue by its position, and the others are delivered', async () => {
  const { stream, queues, batches, poller } = follow(['bad']);
  poller.start();
  for (const text of ['1', 'bad', '3', '4']) stream.put('agent', text);
  await poller.caughtUp();
  await poller.stop();

  const lost = (queues.all().Lost ?? []).map(({ body }) => JSON.parse(body));
  expect(lost).toMatchObject([
    {
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 1, streamArn: ARN },
    },
  ]);
  expect(JSON.stringify(lost)).not.toContain('bad');
  expect(batches.filter((batch) => batch.join() === 'bad')).toHaveLength(2);
  expect(batches.at(-1)).toEqual(['4']);
});

test('filters look into data that is JSON', async () => {
  const { stream, batches, poller } = follow([], { filters: [{ data: { type: ['A'] } }] });
  poller.start();
  for (const text of ['{"type":"A"}', '{"type":"B"}', 'text']) stream.put('agent', text);
  await poller.caughtUp();
  await poller.stop();

  expect(batches).toEqual([['{"type":"A"}']]);
});

test('nothing is delivered after the stop', async () => {
  const { stream, batches, poller } = follow();
  poller.start();
  await poller.stop();
  stream.put('agent', 'late');
  await poller.caughtUp();

  expect(batches).toEqual([]);
});
