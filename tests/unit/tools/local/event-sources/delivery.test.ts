import { type BatchOutcome, deliverWithRetries } from '#tools/local/event-sources/delivery.ts';
import type { DynamodbRecord } from '#tools/local/event-sources/dynamodb-record.ts';
import type { DynamodbMapping } from '#tools/local/event-sources/mappings.ts';

const records = (...numbers: number[]) =>
  numbers.map((number) => ({ dynamodb: { SequenceNumber: String(number) } }) as DynamodbRecord);
const numbersOf = (batch: DynamodbRecord[]) => batch.map(({ dynamodb }) => Number(dynamodb.SequenceNumber));

const mapping: DynamodbMapping = {
  functionName: 'F',
  sourceName: 'Stream',
  functionArn: 'arn',
  tableName: 'T',
  batchSize: 10,
  fromLatest: false,
  maximumRetries: 2,
  bisect: true,
  reportsFailures: true,
  filters: [],
};

/** Delivers records 1 to 6. Returns the batches and the lost records. */
async function run(answer: (numbers: number[]) => BatchOutcome, changes: Partial<DynamodbMapping> = {}) {
  const batches: number[][] = [];
  const lost: number[][] = [];
  const done = await deliverWithRetries(
    records(1, 2, 3, 4, 5, 6),
    { ...mapping, ...changes },
    {
      sequenceNumberOf: ({ dynamodb }) => dynamodb.SequenceNumber,
      async invoke(batch) {
        batches.push(numbersOf(batch));
        return answer(numbersOf(batch));
      },
      giveUp: (batch) => lost.push(numbersOf(batch)),
      pause: async () => true,
    },
  );
  return { batches, lost, done };
}

const fine: BatchOutcome = { kind: 'answer', payload: '{"batchItemFailures":[]}' };
const failedFrom = (...numbers: number[]): BatchOutcome => ({
  kind: 'answer',
  payload: JSON.stringify({
    batchItemFailures: numbers.map((number) => ({ itemIdentifier: String(number) })),
  }),
});

test('a batch that succeeds is delivered once', async () => {
  expect(await run(() => fine)).toEqual({ batches: [[1, 2, 3, 4, 5, 6]], lost: [], done: true });
});

test('an answer of null is a success', async () => {
  expect((await run(() => ({ kind: 'answer', payload: 'null' }))).batches).toHaveLength(1);
});

test('delivery goes on from the first record that failed', async () => {
  let first = true;
  const { batches } = await run(() => {
    const answer = first ? failedFrom(5, 4) : fine;
    first = false;
    return answer;
  });

  expect(batches).toEqual([
    [1, 2, 3, 4, 5, 6],
    [4, 5, 6],
  ]);
});

test('a poison record alone is given up, after its retries, and all others arrive', async () => {
  const { batches, lost } = await run((numbers) => (numbers.includes(3) ? { kind: 'failed' } : fine));

  expect(lost).toEqual([[3]]);
  expect(batches.filter((batch) => batch.length === 1 && batch[0] === 3)).toHaveLength(3);
  const arrived = batches.filter((batch) => !batch.includes(3)).flat();
  expect(arrived.sort()).toEqual([1, 2, 4, 5, 6]);
});

test('without bisecting the whole batch is tried again and given up', async () => {
  const { batches, lost } = await run(() => ({ kind: 'failed' }), { bisect: false });

  expect(batches).toHaveLength(3);
  expect(lost).toEqual([[1, 2, 3, 4, 5, 6]]);
});

test('an identifier that is not of the batch makes all of it a failure', async () => {
  const { batches } = await run((numbers) => (numbers.length === 6 ? failedFrom(99) : fine));

  expect(batches.slice(1)).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
});

test('failures are ignored if the mapping does not report them', async () => {
  expect((await run(() => failedFrom(1), { reportsFailures: false })).batches).toHaveLength(1);
});

test('after a stop, the batch is not done', async () => {
  const done = await deliverWithRetries(records(1), mapping, {
    sequenceNumberOf: ({ dynamodb }) => dynamodb.SequenceNumber,
    invoke: async () => ({ kind: 'failed' }),
    giveUp: () => {},
    pause: async () => false,
  });

  expect(done).toBe(false);
});
