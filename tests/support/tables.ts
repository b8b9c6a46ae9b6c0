import { randomUUID } from 'node:crypto';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createEngineClient, createTables } from '#tools/local/engine/index.ts';
import type { tableSchemas } from '#tools/local/engine/tables.ts';
import { ENGINE_VARIABLE, TABLES_VARIABLE } from './engine.ts';

export interface FreshTables {
  client: DynamoDBDocumentClient;
  contacts: string;
  lookup: string;
  directory: string;
  messages: string;
  idempotency: string;
  endpoint: string;
}

let client: DynamoDBDocumentClient | undefined;

/** New, empty tables with the template's schemas and names of their own, on the engine of this test run. */
export async function freshTables(): Promise<FreshTables> {
  const endpoint = process.env[ENGINE_VARIABLE];
  if (!endpoint) throw new Error('No engine is running: only integration and property tests have one.');
  client ??= DynamoDBDocumentClient.from(createEngineClient(endpoint), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const unique = randomUUID();
  const schemas: ReturnType<typeof tableSchemas> = JSON.parse(process.env[TABLES_VARIABLE] ?? '[]');
  await createTables(
    client,
    schemas.map(({ logicalId, input }) => ({ ...input, TableName: `${logicalId}-${unique}` })),
  );
  return {
    client,
    contacts: `ContactsTable-${unique}`,
    lookup: `LookupTable-${unique}`,
    directory: `DirectoryTable-${unique}`,
    messages: `MessagesTable-${unique}`,
    idempotency: `IdempotencyTable-${unique}`,
    endpoint,
  };
}
