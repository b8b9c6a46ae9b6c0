import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { withUnprocessedRetry } from '#core/platform/dynamodb/batch.ts';
import { asUnavailable, UnavailableError } from '#core/platform/errors.ts';

/** Where messages are kept. */
export interface MessageTable {
  client: DynamoDBDocumentClient;
  /** The name of MessagesTable. */
  messages: string;
}

type Item = Record<string, unknown>;
type RequestItems = NonNullable<BatchGetCommandInput['RequestItems']>;

/**
 * Reads the items that there are of these keys, in any order.
 *
 * @param keys 100 at most, each once; without one nothing is read
 * @param how consistently, and what of them; as BatchGetItem takes it
 * @throws {UnavailableError}
 */
export async function readItems(
  { client, messages }: MessageTable,
  keys: Item[],
  how: Omit<RequestItems[string], 'Keys'>,
): Promise<Item[]> {
  const items: Item[] = [];
  const requests: RequestItems = keys.length > 0 ? { [messages]: { ...how, Keys: keys } } : {};
  const complete = await withUnprocessedRetry(requests, async (left) => {
    const read = client.send(new BatchGetCommand({ RequestItems: left }));
    const { Responses, UnprocessedKeys } = await asUnavailable('MessagesTable', read);
    items.push(...(Responses?.[messages] ?? []));
    return UnprocessedKeys;
  });
  if (complete) return items;
  throw new UnavailableError('UNAVAILABLE', 'MessagesTable left keys unprocessed. Try again.');
}
