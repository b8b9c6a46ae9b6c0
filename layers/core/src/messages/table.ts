import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RequestWrapper } from '#core/platform/dynamodb/client.ts';
import { asUnavailable } from '#core/platform/errors.ts';

export interface MessageTable {
  client: DynamoDBDocumentClient;
  /** The name of MessagesTable. */
  messages: string;
}

/** Wraps a request to MessagesTable: an outage becomes an `UnavailableError`. */
export const callMessagesTable: RequestWrapper = (send) => asUnavailable('MessagesTable', send());
