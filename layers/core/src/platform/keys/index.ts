// One root key in KMS; from it the keys that hash identifiers and that encrypt what is personal.
export { CipherError, type CipherFault, decrypt, encrypt } from './cipher.ts';
export { createKeyring, type Keyring, type RootSecrets } from './keyring.ts';
export { createKeyringLoader, type KeySettings, keySettings, loadKeyring } from './kms.ts';
