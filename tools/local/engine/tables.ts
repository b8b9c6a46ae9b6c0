import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableInput,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Resource, Template } from '#tools/local/template/index.ts';

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

/** The properties of a table that a local engine understands. */
const SCHEMA = [
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
];

/** The CreateTable call for each table of the template, by logical id. */
export function tableSchemas(template: Template): { logicalId: string; input: CreateTableInput }[] {
  return template
    .ofType('AWS::DynamoDB::Table')
    .map((table) => ({ logicalId: table.logicalId, input: createTableInput(table) }));
}

function createTableInput({ logicalId, properties }: Resource): CreateTableInput {
  const schema = Object.fromEntries(Object.entries(properties).filter(([key]) => SCHEMA.includes(key)));
  const stream = properties.StreamSpecification;
  return {
    ...schema,
    TableName: logicalId,
    // CloudFormation's StreamSpecification has no StreamEnabled: naming a view is enough.
    ...(stream ? { StreamSpecification: { StreamEnabled: true, ...(stream as object) } } : {}),
  } as CreateTableInput;
}
