import {
  BatchGetCommand,
  type BatchGetCommandInput,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { chunks } from '#core/platform/chunks.ts';
import { type Clock, systemClock } from '#core/platform/clock.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { jitteredBackoff } from '#core/platform/resilience/backoff.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { type Item, type RequestWrapper, sendUnwrapped } from './client.ts';

/** Requests for one batch, with those that repeat what was left unprocessed. */
export const MAX_BATCH_REQUESTS = 8;
/** The limits of BatchGetItem and BatchWriteItem. */
const READ_BATCH_SIZE = 100;
const WRITE_BATCH_SIZE = 25;
const BATCH_CONCURRENCY = 8;
const BACKOFF = { firstMs: 50, maxMs: 1_000 };

export type WriteRequest = NonNullable<BatchWriteCommandInput['RequestItems']>[string][number];
type ReadOptions = Omit<NonNullable<BatchGetCommandInput['RequestItems']>[string], 'Keys'>;

export interface BatchOptions {
  /** Wraps each request: a policy, or `asUnavailable`. */
  call?: RequestWrapper;
  clock?: Pick<Clock, 'sleep' | 'random'>;
}

/**
 * Reads items by their keys, in any order: 100 a request, several requests at a time. Keys must be distinct.
 *
 * @param options how to read, as BatchGetItem takes it: `ConsistentRead`, `ProjectionExpression` …
 * @returns the items that exist
 * @throws {UnavailableError} when DynamoDB leaves keys unprocessed again and again
 */
export async function batchGet(
  client: DynamoDBDocumentClient,
  table: string,
  keys: readonly Item[],
  { call = sendUnwrapped, clock = systemClock, ...read }: ReadOptions & BatchOptions = {},
): Promise<Item[]> {
  const items: Item[] = [];
  await forEachConcurrent(chunks(keys, READ_BATCH_SIZE), BATCH_CONCURRENCY, async (Keys) => {
    const done = await withUnprocessedRetry<NonNullable<BatchGetCommandInput['RequestItems']>>(
      { [table]: { ...read, Keys } },
      async (RequestItems) => {
        const { Responses, UnprocessedKeys } = await call((signal) =>
          client.send(new BatchGetCommand({ RequestItems }), signal && { abortSignal: signal }),
        );
        items.push(...(Responses?.[table] ?? []));
        return UnprocessedKeys;
      },
      clock,
    );
    if (!done) throw leftUnprocessed(table, 'keys');
  });
  return items;
}

/**
 * Writes and deletes items without conditions: 25 a request, several requests at a time. Each key may occur once.
 *
 * @throws {UnavailableError} when DynamoDB leaves writes unprocessed again and again
 */
export async function batchWrite(
  client: DynamoDBDocumentClient,
  table: string,
  requests: readonly WriteRequest[],
  { call = sendUnwrapped, clock = systemClock }: BatchOptions = {},
): Promise<void> {
  await forEachConcurrent(chunks(requests, WRITE_BATCH_SIZE), BATCH_CONCURRENCY, async (batch) => {
    const done = await withUnprocessedRetry<NonNullable<BatchWriteCommandInput['RequestItems']>>(
      { [table]: batch },
      async (RequestItems) => {
        const { UnprocessedItems } = await call((signal) =>
          client.send(new BatchWriteCommand({ RequestItems }), signal && { abortSignal: signal }),
        );
        return UnprocessedItems;
      },
      clock,
    );
    if (!done) throw leftUnprocessed(table, 'writes');
  });
}

/**
 * Sends a batch, and again what DynamoDB leaves unprocessed. For batches that {@link batchGet} and {@link batchWrite}
 * cannot send: several tables, or items in their stored form.
 *
 * @param send returns what was left unprocessed
 * @returns false when something is still unprocessed after the last request
 */
export async function withUnprocessedRetry<Requests extends object>(
  requests: Requests,
  send: (requests: Requests) => Promise<Requests | undefined>,
  clock: Pick<Clock, 'sleep' | 'random'> = systemClock,
): Promise<boolean> {
  let left: Requests | undefined = requests;
  for (let attempt = 0; left && Object.keys(left).length > 0; attempt += 1) {
    if (attempt === MAX_BATCH_REQUESTS) return false;
    if (attempt > 0) await clock.sleep(jitteredBackoff(attempt, BACKOFF, clock));
    left = await send(left);
  }
  return true;
}

function leftUnprocessed(table: string, what: 'keys' | 'writes'): UnavailableError {
  return new UnavailableError(
    'UNAVAILABLE',
    `DynamoDB left ${what} of table ${table} unprocessed ${MAX_BATCH_REQUESTS} times. Try again.`,
  );
}
