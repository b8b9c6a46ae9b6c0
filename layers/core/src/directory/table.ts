import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { withUnprocessedRetry } from '#core/platform/dynamodb/batch.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { failedConditions } from '#core/platform/dynamodb/conditions.ts';
import { UnavailableError } from '#core/platform/errors.ts';

/** Where the directory lives. */
export interface Directory {
  client: DynamoDBDocumentClient;
  table: string;
  /** Waits between attempts at a write that met another one; a test makes it instant. */
  sleep?: (milliseconds: number) => Promise<void>;
}

/** The directory in a table of DynamoDB. */
export function createDirectory(table: string): Directory {
  return { client: documentClient(), table };
}

/**
 * Answers by user name (`AGENT`), who waits (`WAITING`), what of a pool is unused, assigned or blocked
 * (`UNUSED#<pool>` …) and what is due (`DUE`).
 */
export const ASSIGNMENT_INDEX = 'AssignmentIndex';

/** One write with its condition, usable alone or in a transaction. */
export type WriteAction = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const MAX_WRITE_ATTEMPTS = 8;

/** What of a partition of the index is read, and how. */
export interface PartitionQuery {
  /** All by default. */
  attributes?: string[];
  /** How many items at once. */
  pageSize?: number;
  /** The first and the last sort key, both included. */
  from?: string;
  upTo?: string;
  /** From the last to the first. */
  descending?: boolean;
}

/** Reads a partition of the index in order, page by page. The index may be a moment behind the table. */
export async function* queryPartition(
  { client, table }: Directory,
  partition: string,
  query: PartitionQuery = {},
): AsyncGenerator<Record<string, unknown>[], void, void> {
  const { attributes, pageSize: page, descending: backwards } = query;
  let last: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: ASSIGNMENT_INDEX,
        ...keyCondition(partition, query),
        ...projection(attributes),
        ...(page === undefined ? {} : { Limit: page }),
        ...(backwards ? { ScanIndexForward: false } : {}),
        ...(last ? { ExclusiveStartKey: last } : {}),
      }),
    );
    yield Items;
    last = LastEvaluatedKey;
  } while (last);
}

function keyCondition(partition: string, { from, upTo }: PartitionQuery) {
  const range =
    from !== undefined && upTo !== undefined
      ? ' AND gsi1sk BETWEEN :from AND :upTo'
      : `${from === undefined ? '' : ' AND gsi1sk >= :from'}${upTo === undefined ? '' : ' AND gsi1sk <= :upTo'}`;
  return {
    KeyConditionExpression: `gsi1pk = :partition${range}`,
    ExpressionAttributeValues: {
      ':partition': partition,
      ...(from === undefined ? {} : { ':from': from }),
      ...(upTo === undefined ? {} : { ':upTo': upTo }),
    },
  };
}

/**
 * Reads up to 100 items, each as it is now, but not all of one moment.
 *
 * @returns the items that there are, by partition key
 * @throws {UnavailableError} `DIRECTORY_BUSY`
 */
export async function readDirectoryItems(
  { client, table }: Directory,
  keys: { pk: string; sk: string }[],
): Promise<Map<string, Record<string, unknown>>> {
  const items = new Map<string, Record<string, unknown>>();
  const requests = { [table]: { Keys: keys, ConsistentRead: true } };
  const complete = await withUnprocessedRetry(requests, async (left) => {
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems: left }));
    for (const item of Responses?.[table] ?? []) items.set(String(item.pk), item);
    return UnprocessedKeys as typeof requests | undefined;
  });
  if (!complete) throw directoryBusyError();
  return items;
}

/** How many items a partition of the index has. */
export async function countPartition({ client, table }: Directory, partition: string): Promise<number> {
  let count = 0;
  let from: Record<string, unknown> | undefined;
  do {
    const { Count = 0, LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: ASSIGNMENT_INDEX,
        KeyConditionExpression: 'gsi1pk = :partition',
        ExpressionAttributeValues: { ':partition': partition },
        Select: 'COUNT',
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    count += Count;
    from = LastEvaluatedKey;
  } while (from);
  return count;
}

function projection(attributes: string[] | undefined) {
  if (!attributes) return {};
  return {
    ProjectionExpression: attributes.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
  };
}

/**
 * Writes all actions or none, each only while its condition holds.
 *
 * @returns the positions of the actions whose condition did not hold; empty when everything was written
 * @throws {UnavailableError} when other writes to the same items kept getting in the way
 */
export async function writeActions(directory: Directory, actions: WriteAction[]): Promise<number[]> {
  const sleep = directory.sleep ?? wait;
  for (let attempt = 1; attempt <= MAX_WRITE_ATTEMPTS; attempt += 1) {
    const failed = await writeActionsOnce(directory, actions);
    if (failed !== 'BUSY') return failed;
    if (attempt < MAX_WRITE_ATTEMPTS) await sleep(Math.random() * Math.min(2_000, 20 * 2 ** attempt));
  }
  throw directoryBusyError();
}

/** As `write`, for who would rather write something else than wait: `BUSY` when it met another write. */
export async function writeActionsOnce(
  directory: Directory,
  actions: WriteAction[],
): Promise<number[] | 'BUSY'> {
  try {
    await sendActions(directory, actions);
    return [];
  } catch (error) {
    const outcome = failedConditions(error);
    if (outcome === undefined) throw error;
    return outcome.length > 0 ? outcome : 'BUSY';
  }
}

export function directoryBusyError(): UnavailableError {
  return new UnavailableError(
    'DIRECTORY_BUSY',
    'DirectoryTable was throttled, or changed by somebody else at the same time, again and again. Try again.',
  );
}

async function sendActions({ client, table }: Directory, actions: WriteAction[]): Promise<void> {
  const [only] = actions;
  if (actions.length > 1) await client.send(new TransactWriteCommand({ TransactItems: actions }));
  else if (only?.Put) await client.send(new PutCommand({ ...only.Put, TableName: table }));
  else if (only?.Update) await client.send(new UpdateCommand({ ...only.Update, TableName: table }));
  else if (only?.Delete) await client.send(new DeleteCommand({ ...only.Delete, TableName: table }));
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
