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
export { contactIdOf, contactKey, lookupKey, PROFILE } from './table-keys.ts';
