// Whether anybody is known under an identifier, without asking who.
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

/**
 * Whether LookupTable has a row for one of these hashes of an identifier. A row may outlive what it stands for by a
 * moment, so this is for sorting out strangers, not for trusting anybody.
 */
export async function isListed(
  { client, lookup }: { client: DynamoDBDocumentClient; lookup: string },
  hashes: readonly string[],
  { consistent = false }: { consistent?: boolean } = {},
): Promise<boolean> {
  const rows = await Promise.all(
    hashes.map((hash) =>
      client.send(
        new QueryCommand({
          TableName: lookup,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': hash },
          Limit: 1,
          ConsistentRead: consistent,
        }),
      ),
    ),
  );
  return rows.some(({ Items = [] }) => Items.length > 0);
}
