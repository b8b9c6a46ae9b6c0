// One root key in KMS; from it the keys that hash identifiers and that encrypt what is personal.
export { CipherError, type CipherFault, decrypt, encrypt } from './cipher.ts';
export { type Keyring, keyringFromSecrets, type RootSecrets } from './keyring.ts';
export { type KeySettings, keyringLoader, keySettings, loadKeyring } from './kms.ts';
