import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type FreshTables, freshTables } from '#support/tables.ts';
import { createDeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import type { DynamodbRecord } from '#tools/local/event-sources/dynamodb-record.ts';
import { createDynamodbPoller } from '#tools/local/event-sources/dynamodb-stream.ts';
import type { DynamodbMapping } from '#tools/local/event-sources/mappings.ts';
import { type Checkpoints, createCheckpoints } from '#tools/local/event-sources/poller.ts';
import type { FunctionHost } from '#tools/local/lambda/function-host.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:DeadLetters';

/** A function that fails on the ids it is told to, and remembers what it got. */
function pollerOf(tables: FreshTables, checkpoints: Checkpoints, poison: string[] = [], changes = {}) {
  const got: DynamodbRecord[] = [];
  const host = {
    async invoke(_: string, event: string) {
      const { Records } = JSON.parse(event) as { Records: DynamodbRecord[] };
      const bad = Records.filter((record) => poison.includes(idOf(record)));
      got.push(...Records.filter((record) => !bad.includes(record)));
      const batchItemFailures = bad.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber }));
      return {
        requestId: '',
        log: '',
        outcome: { kind: 'answer', payload: JSON.stringify({ batchItemFailures }) },
      };
    },
  } as unknown as FunctionHost;
  const mapping: DynamodbMapping = {
    functionName: 'TestFunction',
    sourceName: 'Stream',
    functionArn: 'arn',
    tableName: tables.contacts,
    batchSize: 4,
    fromLatest: false,
    maximumRetries: 1,
    bisect: true,
    reportsFailures: true,
    filters: [],
    onFailureArn: QUEUE,
    ...changes,
  };
  const client = new DynamoDBStreamsClient({
    endpoint: tables.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const queues = createDeadLetterQueues(undefined, ['DeadLetters']);
  return { poller: createDynamodbPoller({ mapping, client, host, queues, checkpoints }), got, queues };
}

const idOf = ({ dynamodb }: DynamodbRecord) =>
  ((dynamodb.Keys as { pk: { S: string } }).pk.S.split('#')[1] ?? '') as string;

async function put({ client, contacts }: FreshTables, id: string, sk = 'PROFILE') {
  await client.send(
    new PutCommand({ TableName: contacts, Item: { pk: `CONTACT#${id}`, sk, blob: Buffer.from(id) } }),
  );
}

test('every change arrives in order, with its images, whatever the size of a batch', async () => {
  const tables = await freshTables();
  const { poller, got } = pollerOf(tables, createCheckpoints(undefined));
  for (const id of ['1', '2', '3', '4', '5', '6', '7', '8', '9']) await put(tables, id);
  const TableName = tables.contacts;
  const Key = { pk: 'CONTACT#1', sk: 'PROFILE' };
  await tables.client.send(
    new UpdateCommand({
      TableName,
      Key,
      UpdateExpression: 'SET version = :two',
      ExpressionAttributeValues: { ':two': 2 },
    }),
  );
  await tables.client.send(new DeleteCommand({ TableName, Key }));

  poller.start();
  await poller.caughtUp();
  await poller.stop();

  expect(got.map((record) => `${record.eventName} ${idOf(record)}`)).toEqual([
    ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((id) => `INSERT ${id}`),
    'MODIFY 1',
    'REMOVE 1',
  ]);
  expect(got[9]?.dynamodb).toMatchObject({
    NewImage: { version: { N: '2' }, blob: { B: Buffer.from('1').toString('base64') } },
    OldImage: { blob: { B: Buffer.from('1').toString('base64') } },
  });
});

test('a poison record ends in the queue, named by its place and not by its content, and the rest arrives', async () => {
  const tables = await freshTables();
  const { poller, got, queues } = pollerOf(tables, createCheckpoints(undefined), ['3']);
  for (const id of ['1', '2', '3', '4', '5']) await put(tables, id);

  poller.start();
  await poller.caughtUp();
  await poller.stop();

  expect(new Set(got.map(idOf))).toEqual(new Set(['1', '2', '4', '5']));
  const letters = queues.all().DeadLetters ?? [];
  expect(letters).toHaveLength(1);
  expect(JSON.parse(letters[0]?.body ?? '')).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
    DDBStreamBatchInfo: { batchSize: 1, startSequenceNumber: expect.any(String) },
  });
  expect(letters[0]?.body).not.toContain('CONTACT');
});

test('a filter keeps from the function what it does not want', async () => {
  const tables = await freshTables();
  const filters = [{ dynamodb: { Keys: { sk: { S: ['PROFILE'] } } } }];
  const { poller, got } = pollerOf(tables, createCheckpoints(undefined), [], { filters });
  await put(tables, '1', 'AUDIENCE#vip');
  await put(tables, '2');

  poller.start();
  await poller.caughtUp();
  await poller.stop();

  expect(got.map(idOf)).toEqual(['2']);
});

test('after a restart delivery goes on where it was', async () => {
  const tables = await freshTables();
  const checkpoints = createCheckpoints(undefined);
  const first = pollerOf(tables, checkpoints);
  await put(tables, '1');
  first.poller.start();
  await first.poller.caughtUp();
  await first.poller.stop();
  await put(tables, '2');

  const second = pollerOf(tables, checkpoints);
  second.poller.start();
  await second.poller.caughtUp();
  await second.poller.stop();

  expect(first.got.map(idOf)).toEqual(['1']);
  expect(second.got.map(idOf)).toEqual(['2']);
});

test('two functions follow one stream: each has its own position, filter, and failures', async () => {
  const tables = await freshTables();
  const checkpoints = createCheckpoints(undefined);
  const start = (poison: string[]) => {
    const profiles = [{ dynamodb: { Keys: { sk: { S: ['PROFILE'] } } } }];
    return [
      pollerOf(tables, checkpoints, poison, { functionName: 'First', filters: profiles }),
      pollerOf(tables, checkpoints, [], { functionName: 'Second' }),
    ] as const;
  };
  const [first, second] = start(['1']);
  await put(tables, '1');
  await put(tables, '2', 'AUDIENCE#vip');
  first.poller.start();
  second.poller.start();
  await second.poller.caughtUp();
  await second.poller.stop();
  await put(tables, '3');
  await first.poller.caughtUp();
  await first.poller.stop();

  expect(first.got.map(idOf)).toEqual(['3']);
  expect(first.queues.all().DeadLetters).toHaveLength(1);
  expect(second.got.map(idOf)).toEqual(['1', '2']);
  expect(second.queues.all().DeadLetters ?? []).toEqual([]);

  // After a restart, only the second one has something left to read.
  const [firstAgain, secondAgain] = start([]);
  for (const { poller } of [firstAgain, secondAgain]) poller.start();
  await Promise.all([firstAgain.poller.caughtUp(), secondAgain.poller.caughtUp()]);
  await Promise.all([firstAgain.poller.stop(), secondAgain.poller.stop()]);
  expect(firstAgain.got).toEqual([]);
  expect(secondAgain.got.map(idOf)).toEqual(['3']);
});
