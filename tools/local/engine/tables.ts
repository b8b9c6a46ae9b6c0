import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

/** Creates the tables that do not exist yet and waits until all can be used. */
export async function createTables(client: DynamoDBClient, tables: CreateTableInput[]): Promise<void> {
  await Promise.all(tables.map((table) => createTable(client, table)));
}

async function createTable(client: DynamoDBClient, table: CreateTableInput): Promise<void> {
  try {
    const { TableDescription } = await client.send(new CreateTableCommand(table));
    if (TableDescription?.TableStatus === 'ACTIVE') return;
  } catch (error) {
    if ((error as Error).name !== 'ResourceInUseException') throw error;
  }
  for (let attempt = 0; attempt < 100; attempt++) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table.TableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await delay(50);
  }
  throw new Error(`The table ${table.TableName} did not become active within 5 seconds.`);
}
