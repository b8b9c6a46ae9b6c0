import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Call } from '#core/platform/dynamodb/call.ts';
import { asUnavailable } from '#core/platform/errors.ts';

export interface MessageTable {
  client: DynamoDBDocumentClient;
  /** The name of MessagesTable. */
  messages: string;
}

/** Wraps a request to MessagesTable: an outage becomes an `UnavailableError`. */
export const callMessagesTable: Call = (send) => asUnavailable('MessagesTable', send());
