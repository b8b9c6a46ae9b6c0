import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { IndexTables } from '#core/contacts/indexing/index.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { ConfigurationError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { keySettings, loadKeyring } from '#core/platform/keys/index.ts';

/** The tables and keys that a tool works on. */
export interface Deployment extends IndexTables {
  keyring: Keyring;
  /** Roughly how many items each table has; DynamoDB counts them every six hours. */
  items: { contacts: number; lookup: number };
  /** Differs for a table that was deleted and made again under its name: what a checkpoint says of one is not true of the other. */
  tableIds: string[];
}

/**
 * Opens the deployment that the environment names, and checks that its tables are there.
 *
 * @throws {ConfigurationError} when a table or the root key is wrong
 * @throws {UnavailableError} when the keys cannot be loaded
 */
export async function loadDeployment(env: {
  CONTACTS_TABLE: string;
  LOOKUP_TABLE: string;
  ROOT_KEY_ARN: string;
  ORGANIZATION: string;
  KEY_VERSIONS: number[];
}): Promise<Deployment> {
  const client = documentClient(8);
  const contacts = await describeTable(client, env.CONTACTS_TABLE);
  const lookup = await describeTable(client, env.LOOKUP_TABLE);
  const keyring = await loadKeyring(keySettings(env));
  return {
    client,
    contacts: env.CONTACTS_TABLE,
    lookup: env.LOOKUP_TABLE,
    keyring,
    items: { contacts: contacts.items, lookup: lookup.items },
    tableIds: [contacts.id, lookup.id],
  };
}

async function describeTable(
  client: DynamoDBDocumentClient,
  name: string,
): Promise<{ id: string; items: number }> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    const keys = Table?.KeySchema?.map(({ AttributeName }) => AttributeName).join();
    if (keys === 'pk,sk') {
      const id = `${Table?.TableArn} ${Table?.TableId} ${Table?.CreationDateTime?.getTime()}`;
      return { id, items: Table?.ItemCount ?? 0 };
    }
    throw new ConfigurationError('TABLE', `${name} is not a table of contacts: its keys are not pk and sk.`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    throw new ConfigurationError('TABLE', `There is no table ${name} at this endpoint.`, { cause: error });
  }
}
