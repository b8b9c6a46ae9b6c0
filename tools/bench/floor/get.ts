// The floor of a cold start: a DocumentClient and one Get, in one bundle, as a careful developer would write it.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export async function handler(): Promise<{ found: string }> {
  const { Item } = await client.send(
    new GetCommand({ TableName: process.env.DIRECTORY_TABLE, Key: { pk: 'NUMBER#1042', sk: 'NUMBER' } }),
  );
  return { found: String(Item !== undefined) };
}
