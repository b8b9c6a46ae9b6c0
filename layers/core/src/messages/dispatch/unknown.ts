import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DUE_INDEX, UNKNOWN_PARTITION } from '#core/messages/keys.ts';
import type { MessageTable } from '#core/messages/table.ts';

/** Nobody needs to know how many more there are. */
const MOST = 1_000;

/** How many messages wait for a person, for the alarm that stays until all are decided; 1,000 at most. */
export async function countUndecided({ client, messages }: MessageTable): Promise<number> {
  const { Count = 0 } = await client.send(
    new QueryCommand({
      TableName: messages,
      IndexName: DUE_INDEX,
      KeyConditionExpression: 'gsi1pk = :unknown',
      ExpressionAttributeValues: { ':unknown': UNKNOWN_PARTITION },
      Select: 'COUNT',
      Limit: MOST,
    }),
  );
  return Count;
}
