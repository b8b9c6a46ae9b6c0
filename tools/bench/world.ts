// The tables that benchmarks work on, on an embedded engine of their own.
import { randomUUID } from 'node:crypto';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Keyring, keyringFromSecrets } from '@switchboard/core/contacts';
import { createEngineClient, createTables, startEngine } from '#tools/local/engine/index.ts';
import { tableSchemas } from '#tools/local/engine/tables.ts';
import { readTemplate } from '#tools/local/template/index.ts';

export interface World {
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
 * Fresh tables of the template. Streams are left out unless they are asked for: the engine pays for them by the write,
 * DynamoDB does not.
 *
 * @param endpoint an engine that runs already; otherwise one is started
 */
export async function startWorld(
  endpoint = process.env.DYNAMODB_ENDPOINT,
  { streams = false } = {},
): Promise<World> {
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
export function benchKeyring(): Keyring {
  return keyringFromSecrets('bench', [{ version: 1, secret: Buffer.alloc(64, 7) }]);
}
