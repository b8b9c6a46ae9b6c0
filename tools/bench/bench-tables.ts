// The tables of a benchmark, on their own embedded engine.
import { randomUUID } from 'node:crypto';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createKeyring, type Keyring } from '@switchboard/core/platform/keys';
import { createEngineClient, createTables, startEngine } from '#tools/local/engine/index.ts';
import { tableSchemas } from '#tools/local/engine/tables.ts';
import { readTemplate } from '#tools/local/template/index.ts';

export interface BenchTables {
  client: DynamoDBDocumentClient;
  endpoint: string;
  contacts: string;
  lookup: string;
  directory: string;
  messages: string;
  idempotency: string;
  stop(): Promise<void>;
}

/**
 * Creates new tables as the template defines them. By default they have no streams, because a stream slows each write
 * of the engine, and not of DynamoDB.
 *
 * @param endpoint of a running engine; without it, an engine is started
 */
export async function createBenchTables(
  endpoint = process.env.DYNAMODB_ENDPOINT,
  { streams = false } = {},
): Promise<BenchTables> {
  const engine = await startEngine({ root: process.cwd(), endpoint });
  const client = DynamoDBDocumentClient.from(createEngineClient(engine.endpoint), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const unique = randomUUID();
  const schemas = tableSchemas(readTemplate(process.cwd())).map(({ logicalId, input }) => {
    const { StreamSpecification: _, ...rest } = input;
    return { ...(streams ? input : rest), TableName: `${logicalId}-${unique}` };
  });
  await createTables(client, schemas);
  return {
    client,
    endpoint: engine.endpoint,
    contacts: `ContactsTable-${unique}`,
    lookup: `LookupTable-${unique}`,
    directory: `DirectoryTable-${unique}`,
    messages: `MessagesTable-${unique}`,
    idempotency: `IdempotencyTable-${unique}`,
    async stop() {
      client.destroy();
      await engine.stop();
    },
  };
}

/** The keyring that the benchmark's KMS emulator gives to a function under test. */
export function createBenchKeyring(): Keyring {
  return createKeyring('bench', [{ version: 1, secret: Buffer.alloc(64, 7) }]);
}
