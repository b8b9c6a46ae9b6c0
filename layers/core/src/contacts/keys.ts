/** The primary keys of ContactsTable, and the rows of LookupTable. Written nowhere else. */

export const PROFILE = 'PROFILE';
const CONTACT_PREFIX = 'CONTACT#';
const AUDIENCE_PREFIX = 'AUDIENCE#';

export function contactKey(contactId: string) {
  return { pk: `${CONTACT_PREFIX}${contactId}`, sk: PROFILE };
}

/** The partition of a contact: its profile, and its audiences beside it. */
export function contactPartition(contactId: string): string {
  return `${CONTACT_PREFIX}${contactId}`;
}

/** The id in a partition key of ContactsTable; undefined when it is not a contact's. */
export function contactIdOf(pk: unknown): string | undefined {
  return typeof pk === 'string' && pk.startsWith(CONTACT_PREFIX) && pk.length > CONTACT_PREFIX.length
    ? pk.slice(CONTACT_PREFIX.length)
    : undefined;
}

/** The id in a sort key of a contact's partition; undefined when the item is not a membership. */
export function audienceIdOf(sk: unknown): string | undefined {
  return typeof sk === 'string' && sk.startsWith(AUDIENCE_PREFIX)
    ? sk.slice(AUDIENCE_PREFIX.length)
    : undefined;
}

/** The row beside a contact that says: it is in this audience. */
export function membershipKey(contactId: string, audience: string) {
  return { pk: contactPartition(contactId), sk: `${AUDIENCE_PREFIX}${audience}` };
}

/** The row of LookupTable that says: a contact with this identifier may be found here. */
export function lookupKey(hash: string, contactId: string) {
  return { pk: hash, sk: contactId };
}
