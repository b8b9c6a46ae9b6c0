import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { IndexTables } from '#core/contacts/indexing/index.ts';
import type { ContactStore } from '#core/contacts/store.ts';
import { PROFILE } from '#core/contacts/table-keys.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { ConfigurationError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { keySettings, loadKeyring } from '#core/platform/keys/index.ts';

/** Enough to notice wrong settings, in one small read. */
const SAMPLE_SIZE = 100;

/** The tables and keys that a tool works on. */
export interface ContactsDeployment extends IndexTables {
  keyring: Keyring;
  /** The approximate number of items of each table. DynamoDB updates it every six hours. */
  items: { contacts: number; lookup: number };
  /** Identifies the tables in a checkpoint: a table that was deleted and created again under its name has another ID. */
  tableIds: string[];
}

/**
 * Loads the keys of the deployment that the environment names, and checks that its tables exist.
 *
 * @throws {ConfigurationError} when a table or the root key is wrong
 * @throws {UnavailableError} when the keys cannot be loaded
 */
export async function loadContactsDeployment(env: {
  CONTACTS_TABLE: string;
  LOOKUP_TABLE: string;
  ROOT_KEY_ARN: string;
  ORGANIZATION: string;
  KEY_VERSIONS: number[];
}): Promise<ContactsDeployment> {
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

/**
 * Looks for a contact of a key version that is not in use, in a small sample. A tool with other versions than the
 * deployment would write contacts that no lookup finds.
 *
 * @returns the version; undefined when the sample has none
 */
export async function findUnknownKeyVersion({
  client,
  contacts,
  keyring,
}: ContactStore): Promise<number | undefined> {
  const { Items = [] } = await client.send(
    new ScanCommand({ ...profileScan(contacts, SAMPLE_SIZE), ProjectionExpression: 'keyVersion' }),
  );
  const versions = Items.map(({ keyVersion }) => keyVersion).filter((version) => typeof version === 'number');
  return versions.find((version) => !keyring.versions.includes(version));
}

/** Reads the contacts of ContactsTable and leaves out the items beside them. */
export function profileScan(TableName: string, Limit = 500) {
  return {
    TableName,
    Limit,
    ConsistentRead: true,
    FilterExpression: 'sk = :profile',
    ExpressionAttributeValues: { ':profile': PROFILE },
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
    throw new ConfigurationError(
      'TABLE',
      `${name} is not a table of contacts: its keys are not pk and sk. Check the name of the table.`,
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    throw new ConfigurationError(
      'TABLE',
      `There is no table ${name} at this endpoint. Check the name, the Region, and the endpoint.`,
      { cause: error },
    );
  }
}
