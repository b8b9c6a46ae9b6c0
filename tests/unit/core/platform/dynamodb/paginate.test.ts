import type { DynamoDBDocumentClient, QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import {
  type Page,
  queryAll,
  queryCount,
  queryPage,
  queryPages,
  scanPages,
} from '#core/platform/dynamodb/paginate.ts';

/** @param size of a page */
function tableOf(ids: string[], size = 2) {
  const inputs: QueryCommandInput[] = [];
  const send = async ({ input }: { input: QueryCommandInput }) => {
    inputs.push({ ...input });
    const start = input.ExclusiveStartKey ? ids.indexOf(String(input.ExclusiveStartKey.id)) + 1 : 0;
    const page = ids.slice(start, start + (input.Limit ?? size));
    const last = page.at(-1);
    const more = last !== undefined && last !== ids.at(-1);
    return {
      ...(input.Select === 'COUNT' ? {} : { Items: page.map((id) => ({ id })) }),
      Count: page.length,
      ScannedCount: page.length + 1,
      ...(more ? { LastEvaluatedKey: { id: last } } : {}),
    };
  };
  return { inputs, client: { send } as unknown as DynamoDBDocumentClient };
}

async function pagesOf(source: AsyncIterable<Page>): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of source) pages.push(page);
  return pages;
}

const query = { TableName: 'table' };

test('reads page by page, each from where the one before ended', async () => {
  const { client, inputs } = tableOf(['a', 'b', 'c']);

  const pages = await pagesOf(queryPages(client, query));

  expect(pages).toEqual([
    { items: [{ id: 'a' }, { id: 'b' }], count: 2, scannedCount: 3, next: { id: 'b' } },
    { items: [{ id: 'c' }], count: 1, scannedCount: 2, next: undefined },
  ]);
  expect(inputs.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([undefined, { id: 'b' }]);
  expect(query).toEqual({ TableName: 'table' });
});

test('begins at a start key, with pages of the limit', async () => {
  const { client } = tableOf(['a', 'b', 'c', 'd']);

  const pages = await pagesOf(scanPages(client, { ...query, Limit: 1, ExclusiveStartKey: { id: 'b' } }));

  expect(pages.map(({ items }) => items)).toEqual([[{ id: 'c' }], [{ id: 'd' }]]);
});

test('reads no page that the caller does not ask for', async () => {
  const { client, inputs } = tableOf(['a', 'b', 'c']);

  for await (const _ of queryPages(client, query)) break;

  expect(inputs).toHaveLength(1);
});

test('one page tells where the next one begins', async () => {
  const { client, inputs } = tableOf(['a', 'b', 'c']);

  await expect(queryPage(client, { ...query, Limit: 1 })).resolves.toMatchObject({
    items: [{ id: 'a' }],
    next: { id: 'a' },
  });
  expect(inputs).toHaveLength(1);
});

test('reads all items, and counts them', async () => {
  await expect(queryAll(tableOf(['a', 'b', 'c']).client, query)).resolves.toEqual([
    { id: 'a' },
    { id: 'b' },
    { id: 'c' },
  ]);
  await expect(queryCount(tableOf(['a', 'b', 'c']).client, query)).resolves.toBe(3);
});

test('makes each request within the call, which may repeat a request that failed', async () => {
  const { client } = tableOf(['a', 'b', 'c']);
  let calls = 0;

  const items = await queryAll(client, query, async (send) => {
    calls += 1;
    // The first answer is lost.
    await send(AbortSignal.timeout(1_000));
    return send(AbortSignal.timeout(1_000));
  });

  expect(items).toHaveLength(3);
  expect(calls).toBe(2);
});
