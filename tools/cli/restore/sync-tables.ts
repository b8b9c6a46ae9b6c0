import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateScan,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { withUnprocessedRetry } from '@switchboard/core/platform/dynamodb/batch';
import { InvalidInputError, UnavailableError } from '@switchboard/core/platform/errors';

type Item = Record<string, AttributeValue>;

/** What BatchGetItem takes at once. */
const READS = 100;
/** What BatchWriteItem takes at once. */
const WRITES = 25;

export interface Differences {
  /** Items of the source. */
  items: number;
  /** Missing in the target, or different there. */
  written: number;
  /** In the target alone. */
  deleted: number;
}

/**
 * Makes one table hold what another one holds, item by item. What is the same is not written. May be stopped and
 * started again at any moment.
 *
 * @param apply writes; otherwise it only counts what it would do
 * @throws {UnavailableError} when DynamoDB leaves requests unprocessed again and again
 */
export async function makeAlike(
  client: DynamoDBClient,
  tables: { source: string; target: string; apply: boolean },
  progress: (done: Differences) => void = () => undefined,
): Promise<Differences> {
  const { source, target, apply } = tables;
  const done: Differences = { items: 0, written: 0, deleted: 0 };
  const write = async (requests: WriteRequest[]) => {
    for (let at = 0; apply && at < requests.length; at += WRITES) {
      await writeBatch(client, target, requests.slice(at, at + WRITES));
    }
  };
  for await (const items of pagesOf(client, source)) {
    const known = await readBatch(client, target, items.map(keyOf));
    const wanted = items.filter((item) => !isDeepStrictEqual(known.get(textOf(item)), item));
    await write(wanted.map((Item) => ({ PutRequest: { Item } })));
    done.items += items.length;
    done.written += wanted.length;
    progress(done);
  }
  for await (const items of pagesOf(client, target)) {
    const known = await readBatch(client, source, items.map(keyOf));
    const others = items.filter((item) => !known.has(textOf(item)));
    await write(others.map((item) => ({ DeleteRequest: { Key: keyOf(item) } })));
    done.deleted += others.length;
    progress(done);
  }
  return done;
}

async function* pagesOf(client: DynamoDBClient, TableName: string): AsyncGenerator<Item[]> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (let at = 0; at < Items.length; at += READS) yield Items.slice(at, at + READS);
  }
}

async function readBatch(client: DynamoDBClient, table: string, Keys: Item[]): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  const requests = { [table]: { Keys, ConsistentRead: true } };
  const all = await withUnprocessedRetry(requests, async (RequestItems) => {
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems }));
    for (const item of Responses?.[table] ?? []) found.set(textOf(item), item);
    return UnprocessedKeys as typeof requests | undefined;
  });
  if (!all) throw unprocessed('read', table);
  return found;
}

async function writeBatch(client: DynamoDBClient, table: string, batch: WriteRequest[]): Promise<void> {
  const all = await withUnprocessedRetry({ [table]: batch }, async (RequestItems) => {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems }));
    return UnprocessedItems as typeof RequestItems | undefined;
  });
  if (!all) throw unprocessed('write', table);
}

/** All tables of the template have the same keys, but for IdempotencyTable, which has Powertools'. */
function keyOf({ pk, sk, id }: Item): Item {
  if (pk !== undefined && sk !== undefined) return { pk, sk };
  if (id !== undefined) return { id };
  throw new InvalidInputError('NOT_OURS', 'An item has no pk and sk: these are not tables of Switchboard.');
}

const textOf = (item: Item) => JSON.stringify(keyOf(item));

function unprocessed(what: string, table: string): UnavailableError {
  return new UnavailableError(
    'UNAVAILABLE',
    `DynamoDB did not ${what} all of ${table}. Start again: what is done is not done twice.`,
  );
}
