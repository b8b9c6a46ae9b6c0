import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientSettings } from '#core/platform/client-settings.ts';

/** An item, or the key of one. */
export type Item = Record<string, unknown>;

/** Sends a request: unchanged, under a policy (`policy.run`), or through `asUnavailable`. It may send it several times. */
export type RequestWrapper = <T>(send: (signal?: AbortSignal) => Promise<T>) => Promise<T>;

export const sendUnwrapped: RequestWrapper = (send) => send();

const documentClients = new Map<number, DynamoDBDocumentClient>();

/**
 * The DynamoDB client of this process, one for each number of attempts. A caller with a policy of its own (see
 * `resilience/policy.ts`) takes one attempt; every other caller lets the SDK retry with backoff.
 */
export function documentClient(maxAttempts = 5): DynamoDBDocumentClient {
  let client = documentClients.get(maxAttempts);
  if (!client) {
    client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...clientSettings('DYNAMODB'), maxAttempts }), {
      marshallOptions: { removeUndefinedValues: true },
    });
    documentClients.set(maxAttempts, client);
  }
  return client;
}
