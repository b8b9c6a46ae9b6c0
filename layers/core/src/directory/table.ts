import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../platform/errors.ts';

/** Where the directory lives. */
export interface Directory {
  client: DynamoDBDocumentClient;
  table: string;
  /** Waits between attempts at a write that met another one; a test makes it instant. */
  sleep?: (milliseconds: number) => Promise<void>;
}

/** Answers by user name (`AGENT`), who waits (`WAITING`), what is unused (`UNUSED#<pool>`) and due (`DUE`). */
export const ASSIGNMENT_INDEX = 'AssignmentIndex';

/** One write with its condition, usable alone or in a transaction. */
export type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const ATTEMPTS = 8;

/**
 * Reads a partition of the index in order, page by page. The index may be a moment behind the table.
 *
 * @param options `attributes` to read (all by default), `page`: how many items at once, `upTo`: the last sort key
 */
export async function* queryIndex(
  { client, table }: Directory,
  partition: string,
  options: { attributes?: string[]; page?: number; upTo?: string } = {},
): AsyncGenerator<Record<string, unknown>[], void, void> {
  const { attributes, page, upTo } = options;
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: ASSIGNMENT_INDEX,
        KeyConditionExpression: `gsi1pk = :partition${upTo === undefined ? '' : ' AND gsi1sk <= :upTo'}`,
        ExpressionAttributeValues: {
          ':partition': partition,
          ...(upTo === undefined ? {} : { ':upTo': upTo }),
        },
        ...project(attributes),
        ...(page === undefined ? {} : { Limit: page }),
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    yield Items;
    from = LastEvaluatedKey;
  } while (from);
}

/** How many items a partition of the index has. */
export async function countIndex({ client, table }: Directory, partition: string): Promise<number> {
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

function project(attributes: string[] | undefined) {
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
export async function write(directory: Directory, actions: Action[]): Promise<number[]> {
  const sleep = directory.sleep ?? wait;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      await send(directory, actions);
      return [];
    } catch (error) {
      const outcome = readRefusal(error);
      if (outcome === undefined) throw error;
      if (outcome.length > 0) return outcome;
    }
    await sleep(Math.random() * Math.min(2_000, 20 * 2 ** attempt));
  }
  throw new UnavailableError(
    'DIRECTORY_BUSY',
    'DirectoryTable was throttled, or changed by somebody else at the same time, again and again. Try again.',
  );
}

async function send({ client, table }: Directory, actions: Action[]): Promise<void> {
  const [only] = actions;
  if (actions.length > 1) await client.send(new TransactWriteCommand({ TransactItems: actions }));
  else if (only?.Put) await client.send(new PutCommand({ ...only.Put, TableName: table }));
  else if (only?.Update) await client.send(new UpdateCommand({ ...only.Update, TableName: table }));
  else if (only?.Delete) await client.send(new DeleteCommand({ ...only.Delete, TableName: table }));
}

/** The failed conditions; none when the write only met another one and may be tried again; undefined: a fault. */
function readRefusal(error: unknown): number[] | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'ConditionalCheckFailedException') return [0];
  if (BUSY.has(error.name)) return [];
  if (error.name !== 'TransactionCanceledException') return undefined;
  const { CancellationReasons: reasons = [] } = error as Error & {
    CancellationReasons?: { Code?: string }[];
  };
  const codes = reasons.map(({ Code }) => Code ?? 'None');
  if (codes.some((code) => code !== 'None' && code !== CONDITION && !PASSING.has(code))) return undefined;
  return codes.flatMap((code, position) => (code === CONDITION ? [position] : []));
}

/** Another write, or many of them: a pool being seeded is one partition of the index. */
const BUSY = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);
const CONDITION = 'ConditionalCheckFailed';
const PASSING = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
]);

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
