import type { Keyring } from '#core/platform/keys/index.ts';
import { decrypt, encrypt } from '#core/platform/keys/index.ts';
import type { Contact, ContactBody, ContactWithAudiences } from './contact.ts';
import { audienceIdOf, contactIdOf, contactKey, PROFILE } from './keys.ts';

/** A contact as ContactsTable holds it. */
export interface ProfileItem {
  pk: string;
  sk: string;
  /** The encrypted ContactBody. */
  blob: Uint8Array;
  version: number;
  /** The hashes of the identifiers; absent when there are none, because DynamoDB has no empty set. */
  keys?: Set<string>;
  /** The hash of the external reference. */
  refKey?: string;
  /** Which key version made `blob`, `keys` and `refKey`. */
  keyVersion: number;
  updatedAt: string;
}

/**
 * Encrypts a contact for storing, without sending it anywhere. A bulk import sends many of these at once.
 *
 * @param state the version the item gets, and the time in ISO 8601
 */
export function toProfileItem(
  keyring: Keyring,
  contactId: string,
  body: ContactBody,
  state: { version: number; updatedAt: string },
): ProfileItem {
  const reference = body.identifiers.find((identifier) => identifier.startsWith('ref:'));
  return {
    ...contactKey(contactId),
    blob: encrypt(keyring, { kind: 'contact', id: contactId }, Buffer.from(JSON.stringify(body))),
    version: state.version,
    ...(body.identifiers.length === 0
      ? {}
      : { keys: new Set(body.identifiers.map((identifier) => keyring.hash(identifier))) }),
    ...(reference === undefined ? {} : { refKey: keyring.hash(reference) }),
    keyVersion: keyring.newest,
    updatedAt: state.updatedAt,
  };
}

/**
 * Opens a stored contact.
 *
 * @throws {CipherError} when it is damaged, or not what this organization stored for this contact
 */
export function fromProfileItem(keyring: Keyring, item: ProfileItem): Contact {
  const contactId = contactIdOf(item.pk) ?? '';
  const body = JSON.parse(
    decrypt(keyring, { kind: 'contact', id: contactId }, item.blob).toString(),
  ) as ContactBody;
  return { contactId, ...body, version: item.version, updatedAt: item.updatedAt };
}

/** Opens a contact's item collection: the profile and the audiences beside it. */
export function fromItemCollection(
  keyring: Keyring,
  items: readonly Record<string, unknown>[],
): ContactWithAudiences | undefined {
  const profile = findProfile(items);
  if (!profile) return undefined;
  const audiences = items.map(({ sk }) => audienceIdOf(sk)).filter((id) => id !== undefined);
  return { ...fromProfileItem(keyring, profile), audiences: audiences.sort() };
}

export function findProfile(items: readonly Record<string, unknown>[]): ProfileItem | undefined {
  return items.find(({ sk }) => sk === PROFILE) as ProfileItem | undefined;
}
