import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ContactStore } from '#core/contacts/store.ts';
import { profileScan } from './profile-scan.ts';

/** Enough to notice wrong settings, and one small read whatever the table's size. */
const SAMPLE = 100;

/**
 * Looks at a few contacts, before a tool writes any, for one that was encrypted under a key version that is not
 * in use: a tool with other versions than the deployment's would write contacts that no lookup finds.
 *
 * @returns the version; undefined when there is none in the sample
 */
export async function findUnknownKeyVersion({
  client,
  contacts,
  keyring,
}: ContactStore): Promise<number | undefined> {
  const { Items = [] } = await client.send(
    new ScanCommand({ ...profileScan(contacts, SAMPLE), ProjectionExpression: 'keyVersion' }),
  );
  const versions = Items.map(({ keyVersion }) => keyVersion).filter((version) => typeof version === 'number');
  return versions.find((version) => !keyring.versions.includes(version));
}
