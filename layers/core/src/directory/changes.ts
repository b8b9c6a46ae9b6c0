import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Directory } from './table.ts';

/** The stored result of the last sync, and what is left to do after it. */
export const LAST_KEY = { pk: 'SYNC', sk: 'LAST' };

/** Says that agent_extensions.csv is behind; the next full sync writes it. */
export async function markExportDue({ client, table }: Directory, mark: string): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: table,
      Key: LAST_KEY,
      UpdateExpression: 'SET exportDue = :mark',
      ExpressionAttributeValues: { ':mark': mark },
    }),
  );
}
