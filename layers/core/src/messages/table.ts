import type { BatchGetCommandInput, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { withUnprocessedRetry } from '#core/platform/dynamodb/batch.ts';
import { asUnavailable, UnavailableError } from '#core/platform/errors.ts';

export interface MessageTable {
  client: DynamoDBDocumentClient;
  /** The name of MessagesTable. */
  messages: string;
}

type Item = Record<string, unknown>;
type RequestItems = NonNullable<BatchGetCommandInput['RequestItems']>;

/**
 * Reads the items that exist under these keys, in any order.
 *
 * @param keys up to 100, each once
 * @param options consistency and projection, as BatchGetItem takes them
 * @throws {UnavailableError}
 */
export async function batchGetItems(
  { client, messages }: MessageTable,
  keys: Item[],
  options: Omit<RequestItems[string], 'Keys'>,
): Promise<Item[]> {
  const items: Item[] = [];
  const requests: RequestItems = keys.length > 0 ? { [messages]: { ...options, Keys: keys } } : {};
  const complete = await withUnprocessedRetry(requests, async (left) => {
    const read = client.send(new BatchGetCommand({ RequestItems: left }));
    const { Responses, UnprocessedKeys } = await asUnavailable('MessagesTable', read);
    items.push(...(Responses?.[messages] ?? []));
    return UnprocessedKeys;
  });
  if (complete) return items;
  throw new UnavailableError('UNAVAILABLE', 'batchGetItems: MessagesTable left keys unprocessed; retry.');
}
