import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { batchGet, batchWrite, withUnprocessedRetry } from '#core/platform/dynamodb/batch.ts';

type Requests = Record<string, { Keys: { pk: string }[] } | unknown[]>;

function clockOf(waits: number[] = []) {
  return {
    random: () => 0.5,
    async sleep(milliseconds: number) {
      waits.push(milliseconds);
    },
  };
}

/** @param answers for the requests in their order; then everything is processed */
function clientWith(answers: object[] = []) {
  const sent: Requests[] = [];
  const send = async ({ input }: { input: { RequestItems: Requests } }) => {
    sent.push(input.RequestItems);
    const { table } = input.RequestItems;
    return answers.shift() ?? { Responses: { table: table && 'Keys' in table ? table.Keys : [] } };
  };
  return { sent, client: { send } as unknown as DynamoDBDocumentClient };
}

const keys = (count: number) => Array.from({ length: count }, (_, at) => ({ pk: String(at) }));

describe('withUnprocessedRetry', () => {
  test('sends again what was left, until nothing is', async () => {
    const answers = [{ table: ['b', 'c'] }, { table: ['c'] }, {}];
    const sent: unknown[] = [];
    const waits: number[] = [];

    const done = await withUnprocessedRetry(
      { table: ['a', 'b', 'c'] },
      async (requests) => {
        sent.push(requests);
        return answers.shift() as typeof requests | undefined;
      },
      clockOf(waits),
    );

    expect(done).toBe(true);
    expect(sent).toEqual([{ table: ['a', 'b', 'c'] }, { table: ['b', 'c'] }, { table: ['c'] }]);
    expect(waits).toEqual([25, 50]);
  });

  test('returns false when something is left after eight requests', async () => {
    let times = 0;

    const done = await withUnprocessedRetry(
      { table: ['a'] },
      async (requests) => {
        times += 1;
        return requests;
      },
      clockOf(),
    );

    expect(done).toBe(false);
    expect(times).toBe(8);
  });
});

describe('batchGet', () => {
  test('reads 100 keys a request, with the same options', async () => {
    const { client, sent } = clientWith();

    const items = await batchGet(client, 'table', keys(250), { ConsistentRead: true });

    expect(items).toHaveLength(250);
    expect(sent.map(({ table }) => table)).toEqual([
      { ConsistentRead: true, Keys: keys(250).slice(0, 100) },
      { ConsistentRead: true, Keys: keys(250).slice(100, 200) },
      { ConsistentRead: true, Keys: keys(250).slice(200) },
    ]);
  });

  test('sends no request without keys', async () => {
    const { client, sent } = clientWith();

    await expect(batchGet(client, 'table', [])).resolves.toEqual([]);
    expect(sent).toEqual([]);
  });

  test('reads again what was left unprocessed', async () => {
    const left = { table: { Keys: [{ pk: '1' }] } };
    const { client, sent } = clientWith([{ Responses: { table: [{ pk: '0' }] }, UnprocessedKeys: left }]);

    const items = await batchGet(client, 'table', keys(2), { clock: clockOf() });

    expect(items).toEqual(keys(2));
    expect(sent[1]).toEqual(left);
  });

  test('throws when keys stay unprocessed', async () => {
    const left = { UnprocessedKeys: { table: { Keys: [{ pk: '0' }] } } };
    const { client } = clientWith(Array.from({ length: 8 }, () => left));

    await expect(batchGet(client, 'table', keys(1), { clock: clockOf() })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'DynamoDB left keys of table table unprocessed 8 times. Try again.',
    });
  });

  test('makes each request within the call that it gets', async () => {
    const { client } = clientWith();
    let calls = 0;

    await batchGet(client, 'table', keys(101), {
      async call(send) {
        calls += 1;
        return send(AbortSignal.timeout(1_000));
      },
    });

    expect(calls).toBe(2);
  });
});

describe('batchWrite', () => {
  const puts = (count: number) => keys(count).map((Item) => ({ PutRequest: { Item } }));

  test('writes 25 requests at a time, and again what was left', async () => {
    const left = { table: puts(1) };
    const { client, sent } = clientWith([{ UnprocessedItems: left }]);

    await batchWrite(client, 'table', puts(30), { clock: clockOf() });

    expect(sent).toHaveLength(3);
    expect(sent).toContainEqual({ table: puts(30).slice(0, 25) });
    expect(sent).toContainEqual({ table: puts(30).slice(25) });
    expect(sent).toContainEqual(left);
  });

  test('throws when writes stay unprocessed', async () => {
    const { client } = clientWith(
      Array.from({ length: 8 }, () => ({ UnprocessedItems: { table: puts(1) } })),
    );

    await expect(batchWrite(client, 'table', puts(1), { clock: clockOf() })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'DynamoDB left writes of table table unprocessed 8 times. Try again.',
    });
  });
});
