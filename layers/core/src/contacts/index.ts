// Read this folder from the top: contact, identifiers → store → items → table-keys, memberships. Then indexing/index-batch,
// which follows the contacts; lookup/create-caller-lookup and find-contacts-by-hash, which read the indexes; api/routes;
// and maintenance/rotation, reindex → verify.

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
