import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { SwitchboardError } from '../platform/errors.ts';
import type { Keyring } from './keyring.ts';

/** Why a blob could not be opened. */
export type CipherFault = 'TRUNCATED' | 'UNKNOWN_FORMAT' | 'UNKNOWN_KEY_VERSION' | 'FORGED';

/** A stored contact cannot be opened: it was damaged, moved, forged, or its key version is no longer in use. */
export class CipherError extends SwitchboardError {
  override readonly name = 'CipherError';
  declare readonly code: CipherFault;

  constructor(code: CipherFault, message: string, cause?: unknown) {
    super(code, message, { cause });
  }
}

/*
 * Format 1:  1 byte format | 2 bytes key version | 16 bytes salt | 12 bytes nonce | ciphertext | 16 bytes tag
 *
 * Key of the item: HKDF-SHA-256 over the content key, the random salt and the label below, so no two items share
 * a key and random nonces can never meet under one. Associated data, each part after its length in four bytes:
 * the organisation, the contact id, the key version.
 */
const FORMAT = 1;
const SALT_AT = 3;
const NONCE_AT = SALT_AT + 16;
const CIPHERTEXT_AT = NONCE_AT + 12;
const TAG_BYTES = 16;
const ITEM_KEY_LABEL = 'switchboard contact';

/**
 * Encrypts a contact with AES-256-GCM under the newest key version, bound to its organisation and id.
 *
 * @param random gives random bytes; tests hold it still
 */
export function encrypt(
  keyring: Keyring,
  contactId: string,
  plaintext: Uint8Array,
  random: (size: number) => Buffer = randomBytes,
): Buffer {
  const version = keyring.newest;
  const contentKey = keyring.contentKey(version);
  if (!contentKey) throw unknownKeyVersion(version);
  const head = Buffer.alloc(SALT_AT);
  head.writeUInt8(FORMAT, 0);
  head.writeUInt16BE(version, 1);
  const salt = random(NONCE_AT - SALT_AT);
  const nonce = random(CIPHERTEXT_AT - NONCE_AT);
  const cipher = createCipheriv('aes-256-gcm', itemKey(contentKey, salt), nonce);
  cipher.setAAD(associatedData(keyring.organisation, contactId, version));
  return Buffer.concat([head, salt, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Opens what `encrypt` made.
 *
 * @throws {CipherError} `TRUNCATED`, `UNKNOWN_FORMAT`, `UNKNOWN_KEY_VERSION`, or `FORGED` when a bit was changed
 * or the blob belongs to another contact or organisation
 */
export function decrypt(keyring: Keyring, contactId: string, sealed: Uint8Array): Buffer {
  const blob = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (blob.length > 0 && blob[0] !== FORMAT) {
    throw new CipherError(
      'UNKNOWN_FORMAT',
      'The stored contact has a format that this release does not know.',
    );
  }
  if (blob.length < CIPHERTEXT_AT + TAG_BYTES) {
    throw new CipherError('TRUNCATED', 'The stored contact is cut short.');
  }
  const version = blob.readUInt16BE(1);
  const contentKey = keyring.contentKey(version);
  if (!contentKey) throw unknownKeyVersion(version);
  const salt = blob.subarray(SALT_AT, NONCE_AT);
  const decipher = createDecipheriv(
    'aes-256-gcm',
    itemKey(contentKey, salt),
    blob.subarray(NONCE_AT, CIPHERTEXT_AT),
    { authTagLength: TAG_BYTES },
  );
  decipher.setAAD(associatedData(keyring.organisation, contactId, version));
  decipher.setAuthTag(blob.subarray(-TAG_BYTES));
  const plaintext = decipher.update(blob.subarray(CIPHERTEXT_AT, -TAG_BYTES));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch (cause) {
    throw new CipherError('FORGED', 'The stored contact was changed, or belongs to another contact.', cause);
  }
}

function itemKey(contentKey: KeyObject, salt: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', contentKey, salt, ITEM_KEY_LABEL, 32)));
}

/** The lengths keep "a" + "bc" apart from "ab" + "c". */
function associatedData(organisation: string, contactId: string, version: number): Buffer {
  return Buffer.concat(
    [organisation, contactId, String(version)].flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

function unknownKeyVersion(version: number): CipherError {
  return new CipherError(
    'UNKNOWN_KEY_VERSION',
    `The stored contact needs key version ${version}, which is not among KEY_VERSIONS.`,
  );
}
