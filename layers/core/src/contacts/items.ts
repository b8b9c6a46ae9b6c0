import { decrypt, encrypt, type Keyring } from '#core/platform/keys/index.ts';
import type { Contact, ContactBody, ContactWithAudiences } from './contact.ts';
import { INDEX_DEFINITIONS, type IndexDefinition, indexAttributes } from './indexing/index-definitions.ts';
import { activeMemberships } from './memberships.ts';
import { contactIdOf, contactKey, PROFILE } from './table-keys.ts';

/** A contact in ContactsTable. Each index definition has an attribute of its own beside these. */
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
  /** The key version of `blob`, of the hashes, and of `refKey`. */
  keyVersion: number;
  updatedAt: string;
}

/**
 * Encrypts a contact. It writes nothing, because an import writes many contacts in one request.
 *
 * @param state the version that the item gets, and the time in ISO 8601
 */
export function toProfileItem(
  keyring: Keyring,
  contactId: string,
  body: ContactBody,
  state: { version: number; updatedAt: string },
  definitions: readonly IndexDefinition[] = INDEX_DEFINITIONS,
): ProfileItem {
  const reference = body.identifiers.find((identifier) => identifier.startsWith('ref:'));
  return {
    ...contactKey(contactId),
    blob: encrypt(keyring, { kind: 'contact', id: contactId }, Buffer.from(JSON.stringify(body))),
    version: state.version,
    ...indexAttributes(definitions, keyring, body),
    ...(reference === undefined ? {} : { refKey: keyring.hash(reference) }),
    keyVersion: keyring.newest,
    updatedAt: state.updatedAt,
  };
}

/** The attributes that an update of a profile sets. One that is undefined has to be removed. */
export function updatedAttributes(
  item: ProfileItem,
  definitions: readonly IndexDefinition[] = INDEX_DEFINITIONS,
): Record<string, unknown> {
  const names = ['blob', ...definitions.map(({ attribute }) => attribute), 'refKey', 'keyVersion'];
  const attributes = new Map<string, unknown>(Object.entries(item));
  return Object.fromEntries(names.map((name) => [name, attributes.get(name)]));
}

/**
 * Decrypts a stored contact.
 *
 * @throws {CipherError} when it is damaged, or was not stored by this organization for this contact
 */
export function fromProfileItem(keyring: Keyring, item: ProfileItem): Contact {
  const contactId = contactIdOf(item.pk) ?? '';
  const body = JSON.parse(
    decrypt(keyring, { kind: 'contact', id: contactId }, item.blob).toString(),
  ) as ContactBody;
  return { contactId, ...body, version: item.version, updatedAt: item.updatedAt };
}

/** Decrypts the item collection of a contact: its profile, with the audiences that it is in now. */
export function fromItemCollection(
  keyring: Keyring,
  items: readonly Record<string, unknown>[],
  now = new Date(),
): ContactWithAudiences | undefined {
  const profile = findProfile(items);
  if (!profile) return undefined;
  const audiences = activeMemberships(items, now).map(({ audienceId }) => audienceId);
  return { ...fromProfileItem(keyring, profile), audiences: audiences.sort() };
}

export function findProfile(items: readonly Record<string, unknown>[]): ProfileItem | undefined {
  return items.find(({ sk }) => sk === PROFILE) as ProfileItem | undefined;
}
