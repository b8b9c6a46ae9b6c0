import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { systemClock } from '#core/platform/clock.ts';
import { batchGet } from '#core/platform/dynamodb/batch.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { failedConditions } from '#core/platform/dynamodb/conditions.ts';
import { queryCount, queryPages } from '#core/platform/dynamodb/paginate.ts';
import { projection } from '#core/platform/dynamodb/projection.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { jitteredBackoff } from '#core/platform/resilience/backoff.ts';

/** Where the directory is stored. */
export interface Directory {
  client: DynamoDBDocumentClient;
  table: string;
  /** Waits between the attempts of a write that met another write. A test replaces it. */
  sleep?: (milliseconds: number) => Promise<void>;
}

export function createDirectory(table: string): Directory {
  return { client: documentClient(), table };
}

/**
 * Lists agents by user name (`AGENT`), waiting agents (`WAITING`), the unused, assigned, or blocked numbers of a pool
 * (`UNUSED#<pool>` …), and the numbers whose time ends (`DUE`).
 */
export const ASSIGNMENT_INDEX = 'AssignmentIndex';

/** One write with its condition, usable alone or in a transaction. */
export type WriteAction = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const MAX_WRITE_ATTEMPTS = 8;
const WRITE_BACKOFF = { firstMs: 40, maxMs: 2_000 };

export interface PartitionQuery {
  /** All by default. */
  attributes?: string[];
  pageSize?: number;
  /** The first sort key, included. */
  from?: string;
  /** The last sort key, included. */
  upTo?: string;
  descending?: boolean;
}

/** Reads a partition of the index in order, page by page. The index may be a moment behind the table. */
export async function* queryPartition(
  { client, table }: Directory,
  partition: string,
  query: PartitionQuery = {},
): AsyncGenerator<Record<string, unknown>[], void, void> {
  const { attributes, pageSize, descending } = query;
  const pages = queryPages(client, {
    TableName: table,
    IndexName: ASSIGNMENT_INDEX,
    ...keyCondition(partition, query),
    ...(attributes ? projection(...attributes) : {}),
    ...(pageSize === undefined ? {} : { Limit: pageSize }),
    ...(descending ? { ScanIndexForward: false } : {}),
  });
  for await (const { items } of pages) yield items;
}

export function countPartition({ client, table }: Directory, partition: string): Promise<number> {
  return queryCount(client, {
    TableName: table,
    IndexName: ASSIGNMENT_INDEX,
    ...keyCondition(partition, {}),
  });
}

function keyCondition(
  partition: string,
  { from, upTo }: PartitionQuery,
): Pick<QueryCommandInput, 'KeyConditionExpression' | 'ExpressionAttributeValues'> {
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
 * Reads items with consistent reads. The items are not a snapshot: each may have been read at another moment.
 *
 * @returns the items that exist, by partition key
 * @throws {UnavailableError} when DynamoDB leaves keys unprocessed
 */
export async function readDirectoryItems(
  { client, table }: Directory,
  keys: { pk: string; sk: string }[],
): Promise<Map<string, Record<string, unknown>>> {
  const items = await batchGet(client, table, keys, { ConsistentRead: true });
  return new Map(items.map((item) => [String(item.pk), item]));
}

/**
 * Writes all actions or none, each only while its condition holds.
 *
 * @returns the positions of the actions whose condition failed; empty when everything was written
 * @throws {UnavailableError} `DIRECTORY_BUSY` when every attempt met another write or a throttle
 */
export async function writeActions(directory: Directory, actions: WriteAction[]): Promise<number[]> {
  const { sleep = systemClock.sleep } = directory;
  const failed = await retryOnConflict(
    MAX_WRITE_ATTEMPTS,
    () => writeActionsOnce(directory, actions),
    (attempt) => sleep(jitteredBackoff(attempt, WRITE_BACKOFF, systemClock)),
  );
  if (failed === CONFLICT) throw directoryBusyError();
  return failed;
}

/** Writes as `writeActions` does, but only once: `CONFLICT` means that it met another write or a throttle. */
export async function writeActionsOnce(
  directory: Directory,
  actions: WriteAction[],
): Promise<number[] | typeof CONFLICT> {
  try {
    await sendActions(directory, actions);
    return [];
  } catch (error) {
    const failed = failedConditions(error);
    if (failed === undefined) throw error;
    return failed.length > 0 ? failed : CONFLICT;
  }
}

export function directoryBusyError(): UnavailableError {
  return new UnavailableError(
    'DIRECTORY_BUSY',
    'The write to DirectoryTable met other writes or throttling in every attempt. Retry.',
  );
}

async function sendActions({ client, table }: Directory, actions: WriteAction[]): Promise<void> {
  const [only] = actions;
  if (actions.length > 1) await client.send(new TransactWriteCommand({ TransactItems: actions }));
  else if (only?.Put) await client.send(new PutCommand({ ...only.Put, TableName: table }));
  else if (only?.Update) await client.send(new UpdateCommand({ ...only.Update, TableName: table }));
  else if (only?.Delete) await client.send(new DeleteCommand({ ...only.Delete, TableName: table }));
}

/** The text of an attribute. Empty when the attribute is not a string. */
export function textAttribute(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
