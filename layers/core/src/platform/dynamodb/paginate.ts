import {
  DynamoDBDocumentClient,
  paginateQuery,
  paginateScan,
  type QueryCommandInput,
  type QueryCommandOutput,
  type ScanCommandInput,
  type ScanCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { type Item, type RequestWrapper, sendUnwrapped } from './client.ts';

export interface Page {
  items: Item[];
  /** The items that matched; with `Select: 'COUNT'` there are no `items`. */
  count: number;
  /** The items that DynamoDB read before it filtered them. */
  scannedCount: number;
  /** The `ExclusiveStartKey` of the next page; undefined on the last one. */
  next: Item | undefined;
}

/**
 * Reads a query page by page, from its `ExclusiveStartKey` on. `Limit` is the size of a page. The next page is read when
 * the caller asks for it, so leave the loop early to read no more.
 */
export async function* queryPages(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
  call: RequestWrapper = sendUnwrapped,
): AsyncGenerator<Page, void, void> {
  for await (const page of paginateQuery({ client: clientThat(client, call) }, { ...query }))
    yield toPage(page);
}

/** As {@link queryPages}, for a scan or one segment of it. */
export async function* scanPages(
  client: DynamoDBDocumentClient,
  scan: ScanCommandInput,
  call: RequestWrapper = sendUnwrapped,
): AsyncGenerator<Page, void, void> {
  for await (const page of paginateScan({ client: clientThat(client, call) }, { ...scan }))
    yield toPage(page);
}

/** Reads one page of a query: for a list whose client asks for the next page with a token made of `next`. */
export async function queryPage(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
  call: RequestWrapper = sendUnwrapped,
): Promise<Page> {
  for await (const page of queryPages(client, query, call)) return page;
  throw new Error('A query has one page at least.');
}

/** Reads all items of a query. */
export async function queryAll(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
  call: RequestWrapper = sendUnwrapped,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of queryPages(client, query, call)) items.push(...page.items);
  return items;
}

/** Counts the items of a query. */
export async function queryCount(
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
  call: RequestWrapper = sendUnwrapped,
): Promise<number> {
  let total = 0;
  for await (const { count } of queryPages(client, { ...query, Select: 'COUNT' }, call)) total += count;
  return total;
}

function toPage(output: QueryCommandOutput | ScanCommandOutput): Page {
  const { Items: items = [], Count, ScannedCount, LastEvaluatedKey: next } = output;
  return { items, count: Count ?? items.length, scannedCount: ScannedCount ?? items.length, next };
}

/** The paginators send with the client that they get, which has to be a document client, and cannot be wrapped. */
function clientThat(client: DynamoDBDocumentClient, call: RequestWrapper): DynamoDBDocumentClient {
  const send = (command: Parameters<DynamoDBDocumentClient['send']>[0]) =>
    call((signal) => client.send(command, signal && { abortSignal: signal }));
  return Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
}
