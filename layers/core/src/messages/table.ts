import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Where messages are kept. */
export interface MessageTable {
  client: DynamoDBDocumentClient;
  /** The name of MessagesTable. */
  messages: string;
}
