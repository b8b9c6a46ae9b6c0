import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/**
 * The working keys of one organization. Writers use the newest version, readers try all versions in use.
 */
export interface Keyring {
  readonly organization: string;
  /** The version that writes. */
  readonly newest: number;
  /** The versions in use, the newest first. */
  readonly versions: readonly number[];
  /** The index key of a canonical identifier under the newest version. */
  hash(canonical: string): string;
  /** The index keys under every version in use, the newest first. */
  hashes(canonical: string): string[];
  /** The key from which the keys of items are derived; undefined for a version that is not in use. */
  contentKey(version: number): KeyObject | undefined;
}

/** 64 bytes for each key version, the version that writes first. */
export type RootSecrets = readonly { version: number; secret: Uint8Array }[];

/**
 * Derives the working keys from root secrets with HKDF-SHA-256 (RFC 5869). The purpose goes into the `info`, so
 * that neither key tells anything about the other.
 */
export function createKeyring(organization: string, secrets: RootSecrets): Keyring {
  const keys = secrets.map(({ version, secret }) => ({
    version,
    lookup: derive(secret, 'lookup'),
    content: derive(secret, 'content'),
  }));
  const [first] = keys;
  if (!first) throw new RangeError('A keyring needs at least one key version.');

  return {
    organization,
    newest: first.version,
    versions: keys.map(({ version }) => version),
    hash: (canonical) => hashIdentifier(first.lookup, organization, canonical),
    hashes: (canonical) => keys.map(({ lookup }) => hashIdentifier(lookup, organization, canonical)),
    contentKey: (version) => keys.find((key) => key.version === version)?.content,
  };
}

/** `base64url(HMAC-SHA-256(lookupKey, organization + 0x00 + identifier))`: 43 characters. */
function hashIdentifier(lookupKey: KeyObject, organization: string, canonical: string): string {
  return createHmac('sha256', lookupKey).update(`${organization}\0${canonical}`).digest('base64url');
}

/** A KeyObject, because Node takes five times as long over a key in a buffer. */
function derive(secret: Uint8Array, purpose: 'lookup' | 'content'): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), purpose, 32)));
}
