import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { SwitchboardError } from '#core/platform/errors.ts';
import type { Keyring } from './keyring.ts';

/** Why a blob could not be opened. */
export type CipherFault = 'TRUNCATED' | 'UNKNOWN_FORMAT' | 'UNKNOWN_KEY_VERSION' | 'FORGED';

/** What is sealed: its kind and its id, to which the blob is bound. */
export interface Sealed {
  kind: 'contact' | 'message' | 'opt-out';
  id: string;
}

/** What is stored cannot be opened: it was damaged, moved, forged, or its key version is no longer in use. */
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
 * a key and random nonces can never meet under one; the label names the kind, so no blob of one kind passes for another.
 * Associated data, each part after its length in four bytes: the organization, the id, the key version.
 */
const FORMAT = 1;
const SALT_AT = 3;
const NONCE_AT = SALT_AT + 16;
const CIPHERTEXT_AT = NONCE_AT + 12;
const TAG_BYTES = 16;

/**
 * Encrypts with AES-256-GCM under the newest key version, bound to the organization, the kind and the id.
 *
 * @param random gives random bytes; tests hold it still
 */
export function encrypt(
  keyring: Keyring,
  sealed: Sealed,
  plaintext: Uint8Array,
  random: (size: number) => Buffer = randomBytes,
): Buffer {
  const version = keyring.newest;
  const contentKey = keyring.contentKey(version);
  if (!contentKey) throw unknownKeyVersion(sealed, version);
  const head = Buffer.alloc(SALT_AT);
  head.writeUInt8(FORMAT, 0);
  head.writeUInt16BE(version, 1);
  const salt = random(NONCE_AT - SALT_AT);
  const nonce = random(CIPHERTEXT_AT - NONCE_AT);
  const cipher = createCipheriv('aes-256-gcm', itemKey(contentKey, salt, sealed), nonce);
  cipher.setAAD(associatedData(keyring.organization, sealed.id, version));
  return Buffer.concat([head, salt, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Opens what `encrypt` made.
 *
 * @throws {CipherError} `TRUNCATED`, `UNKNOWN_FORMAT`, `UNKNOWN_KEY_VERSION`, or `FORGED` when a bit was changed
 * or the blob belongs to something else or to another organization
 */
export function decrypt(keyring: Keyring, sealed: Sealed, bytes: Uint8Array): Buffer {
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (blob.length > 0 && blob[0] !== FORMAT) {
    throw new CipherError(
      'UNKNOWN_FORMAT',
      `The stored ${sealed.kind} has a format that this release does not know.`,
    );
  }
  if (blob.length < CIPHERTEXT_AT + TAG_BYTES) {
    throw new CipherError('TRUNCATED', `The stored ${sealed.kind} is cut short.`);
  }
  const version = blob.readUInt16BE(1);
  const contentKey = keyring.contentKey(version);
  if (!contentKey) throw unknownKeyVersion(sealed, version);
  const salt = blob.subarray(SALT_AT, NONCE_AT);
  const decipher = createDecipheriv(
    'aes-256-gcm',
    itemKey(contentKey, salt, sealed),
    blob.subarray(NONCE_AT, CIPHERTEXT_AT),
    { authTagLength: TAG_BYTES },
  );
  decipher.setAAD(associatedData(keyring.organization, sealed.id, version));
  decipher.setAuthTag(blob.subarray(-TAG_BYTES));
  const plaintext = decipher.update(blob.subarray(CIPHERTEXT_AT, -TAG_BYTES));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch (cause) {
    throw new CipherError(
      'FORGED',
      `The stored ${sealed.kind} was changed, or belongs to another one.`,
      cause,
    );
  }
}

function itemKey(contentKey: KeyObject, salt: Uint8Array, { kind }: Sealed): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', contentKey, salt, `switchboard ${kind}`, 32)));
}

/** The lengths keep "a" + "bc" apart from "ab" + "c". */
function associatedData(organization: string, id: string, version: number): Buffer {
  return Buffer.concat(
    [organization, id, String(version)].flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

function unknownKeyVersion({ kind }: Sealed, version: number): CipherError {
  return new CipherError(
    'UNKNOWN_KEY_VERSION',
    `The stored ${kind} needs key version ${version}, which is not among KEY_VERSIONS.`,
  );
}
