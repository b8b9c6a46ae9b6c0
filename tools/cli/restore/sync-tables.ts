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

/** The limit of BatchGetItem. */
const READ_BATCH_SIZE = 100;
/** The limit of BatchWriteItem. */
const WRITE_BATCH_SIZE = 25;

export interface TableChanges {
  /** Items of the source. */
  items: number;
  /** Items that the target does not have, or has with other attributes. */
  written: number;
  /** Items that only the target has. */
  deleted: number;
}

/**
 * Makes the target hold the items of the source. It does not write items that are equal. You can interrupt it and start
 * it again at any time.
 *
 * @param tables.apply false: only count the changes
 * @throws {UnavailableError} when DynamoDB leaves requests unprocessed after several attempts
 */
export async function syncTables(
  client: DynamoDBClient,
  tables: { source: string; target: string; apply: boolean },
): Promise<TableChanges> {
  const { source, target, apply } = tables;
  const done: TableChanges = { items: 0, written: 0, deleted: 0 };
  const write = async (requests: WriteRequest[]) => {
    for (let at = 0; apply && at < requests.length; at += WRITE_BATCH_SIZE) {
      await writeBatch(client, target, requests.slice(at, at + WRITE_BATCH_SIZE));
    }
  };
  for await (const items of pagesOf(client, source)) {
    const known = await readBatch(client, target, items.map(keyOf));
    const wanted = items.filter((item) => !isDeepStrictEqual(known.get(textOf(item)), item));
    await write(wanted.map((Item) => ({ PutRequest: { Item } })));
    done.items += items.length;
    done.written += wanted.length;
  }
  for await (const items of pagesOf(client, target)) {
    const known = await readBatch(client, source, items.map(keyOf));
    const others = items.filter((item) => !known.has(textOf(item)));
    await write(others.map((item) => ({ DeleteRequest: { Key: keyOf(item) } })));
    done.deleted += others.length;
  }
  return done;
}

async function* pagesOf(client: DynamoDBClient, TableName: string): AsyncGenerator<Item[]> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (let at = 0; at < Items.length; at += READ_BATCH_SIZE) yield Items.slice(at, at + READ_BATCH_SIZE);
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
  if (!all) throw unprocessedError('read', table);
  return found;
}

async function writeBatch(client: DynamoDBClient, table: string, batch: WriteRequest[]): Promise<void> {
  const all = await withUnprocessedRetry({ [table]: batch }, async (RequestItems) => {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems }));
    return UnprocessedItems as typeof RequestItems | undefined;
  });
  if (!all) throw unprocessedError('write', table);
}

/** All tables of the template have the same keys, except IdempotencyTable, which has the keys of Powertools. */
function keyOf({ pk, sk, id }: Item): Item {
  if (pk !== undefined && sk !== undefined) return { pk, sk };
  if (id !== undefined) return { id };
  throw new InvalidInputError(
    'UNKNOWN_KEYS',
    'An item has no pk and sk: these are not tables of Switchboard.',
  );
}

const textOf = (item: Item) => JSON.stringify(keyOf(item));

function unprocessedError(what: string, table: string): UnavailableError {
  return new UnavailableError(
    'UNAVAILABLE',
    `DynamoDB did not ${what} all items of ${table}. Run the same command again: it does nothing twice.`,
  );
}
