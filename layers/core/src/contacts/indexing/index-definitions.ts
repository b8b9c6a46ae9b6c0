import type { ContactBody } from '#core/contacts/contact.ts';
import { projection } from '#core/platform/dynamodb/projection.ts';
import type { Keyring } from '#core/platform/keys/index.ts';

/**
 * One index of the contacts. A profile holds the hashes of what its contact is found by, and LookupTable has a row for
 * each hash: the partition key is `rowPrefix` and the hash, the sort key is the contact's ID.
 */
export interface IndexDefinition {
  /** For error messages: `identifiers`. */
  name: string;
  /** The attribute of the profile that holds the hashes, as a string set. */
  attribute: string;
  /** Each index has its own; it ends with `#`, or is empty. */
  rowPrefix: string;
  /** The hashes under the newest key version. */
  hashesOf(keyring: Keyring, body: ContactBody): string[];
}

/** Phone numbers, email addresses, social handles, and external references. A lookup reads this index. */
export const IDENTIFIER_INDEX: IndexDefinition = {
  name: 'identifiers',
  attribute: 'keys',
  rowPrefix: '',
  hashesOf: (keyring, { identifiers }) => identifiers.map((identifier) => keyring.hash(identifier)),
};

/** Every index that writers fill and that the indexer, reindex, verification, and rotation maintain. */
export const INDEX_DEFINITIONS: readonly IndexDefinition[] = [IDENTIFIER_INDEX];

/** The attributes that a profile has for its indexes. An empty set is left out, because DynamoDB has none. */
export function indexAttributes(
  definitions: readonly IndexDefinition[],
  keyring: Keyring,
  body: ContactBody,
): Record<string, Set<string>> {
  const attributes = definitions.map(
    ({ attribute, hashesOf }) => [attribute, new Set(hashesOf(keyring, body))] as const,
  );
  return Object.fromEntries(attributes.filter(([, hashes]) => hashes.size > 0));
}

/** The partition keys of the rows that a profile has in LookupTable, over all indexes. */
export function rowPartitions(
  definitions: readonly IndexDefinition[],
  profile: Record<string, unknown>,
): Set<string> {
  return new Set(
    definitions.flatMap(({ attribute, rowPrefix }) => {
      const hashes = profile[attribute];
      return hashes instanceof Set ? [...(hashes as Set<string>)].map((hash) => `${rowPrefix}${hash}`) : [];
    }),
  );
}

/** Whether a row belongs to one of these indexes. LookupTable may have rows of others. */
export function isRowOf(definitions: readonly IndexDefinition[], partition: string): boolean {
  return definitions.some(
    ({ rowPrefix }) => partition.startsWith(rowPrefix) && isHash(partition.slice(rowPrefix.length)),
  );
}

/** `base64url` of 32 bytes. It has no `#`, so no hash looks like the row of another index. */
export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value);
}

/** What a read of a profile has to project to compute its rows. */
export function indexProjection(definitions: readonly IndexDefinition[], ...more: string[]) {
  return projection(...more, ...definitions.map(({ attribute }) => attribute));
}
