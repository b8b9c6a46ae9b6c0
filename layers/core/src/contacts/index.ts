export {
  CipherError,
  type CipherFault,
  createKeyring,
  createKeyringLoader,
  decrypt,
  encrypt,
  type Keyring,
  type KeySettings,
  loadKeyring,
  type RootSecrets,
} from '#core/platform/keys/index.ts';
export {
  type Contact,
  type ContactBody,
  type ContactWithAudiences,
  type JsonValue,
  MAX_CONTACT_BYTES,
  MAX_IDENTIFIERS,
  type ParsedContact,
  parseContact,
  parseContactId,
} from './contact.ts';
export {
  createIdentifierParser,
  type IdentifierParser,
  type IdentifierType,
  type ParsedIdentifier,
} from './identifiers.ts';
export { fromProfileItem, type ProfileItem, toProfileItem } from './items.ts';
export { contactIdOf, contactKey, lookupKey, PROFILE } from './keys.ts';
export {
  createLookup,
  createLookupIndex,
  type Lookup,
  type LookupAnswer,
  type LookupIndex,
  type LookupOptions,
  lookUpBatch,
} from './lookup/index.ts';
export { type Membership, membershipsOf, writeMembership } from './memberships.ts';
export { type ContactStore, deleteContact, getContact, putContact } from './store.ts';
