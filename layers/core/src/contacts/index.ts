export {
  CipherError,
  type CipherFault,
  decrypt,
  encrypt,
  type Keyring,
  type KeySettings,
  keyringFromSecrets,
  keyringLoader,
  loadKeyring,
  type RootSecrets,
} from '#core/platform/keys/index.ts';
export {
  type Contact,
  type ContactBody,
  type ContactWithAudiences,
  type Json,
  LIMITS,
  type ParsedContact,
  parseContact,
  parseContactId,
} from './contact.ts';
export {
  type IdentifierParser,
  type IdentifierType,
  identifierParser,
  type ParsedIdentifier,
} from './identifiers.ts';
export { fromItem, type ProfileItem, toItem } from './items.ts';
export { contactIdOf, contactKey, lookupKey, PROFILE } from './keys.ts';
export {
  createLookup,
  type Lookup,
  type LookupAnswer,
  type LookupOptions,
  type LookupSource,
  lookupMany,
  lookupSource,
} from './lookup/index.ts';
export { type ContactStore, deleteContact, getContact, putContact, putRequest } from './store.ts';
