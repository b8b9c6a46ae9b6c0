// The keys of ContactsTable and LookupTable. No other file writes them.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface ContactTables {
  client: DynamoDBDocumentClient;
  /** The name of ContactsTable. */
  contacts: string;
  /** The name of LookupTable. */
  lookup: string;
}

export const PROFILE = 'PROFILE';
/** The sort keys of memberships start with it. */
export const AUDIENCE_PREFIX = 'AUDIENCE#';
const CONTACT_PREFIX = 'CONTACT#';

export function contactKey(contactId: string) {
  return { pk: contactPartition(contactId), sk: PROFILE };
}

/** The item collection of a contact: its profile and its memberships. */
export function contactPartition(contactId: string): string {
  return `${CONTACT_PREFIX}${contactId}`;
}

/** The ID in a partition key of ContactsTable; undefined when it is not the key of a contact. */
export function contactIdOf(pk: unknown): string | undefined {
  return typeof pk === 'string' && pk.startsWith(CONTACT_PREFIX) && pk.length > CONTACT_PREFIX.length
    ? pk.slice(CONTACT_PREFIX.length)
    : undefined;
}

/** The ID in a sort key of a contact's item collection; undefined when the item is not a membership. */
export function audienceIdOf(sk: unknown): string | undefined {
  return typeof sk === 'string' && sk.startsWith(AUDIENCE_PREFIX)
    ? sk.slice(AUDIENCE_PREFIX.length)
    : undefined;
}

export function membershipKey(contactId: string, audienceId: string) {
  return { pk: contactPartition(contactId), sk: `${AUDIENCE_PREFIX}${audienceId}` };
}

/** The row of LookupTable that points from a hash to a contact that may have it. */
export function lookupKey(hash: string, contactId: string) {
  return { pk: hash, sk: contactId };
}
