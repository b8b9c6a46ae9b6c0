import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ContactWithAudiences } from '#core/contacts/contact.ts';
import { findProfile, fromItemCollection } from '#core/contacts/items.ts';
import { collectionQuery } from '#core/contacts/store.ts';
import { type ContactTables, contactIdOf, contactKey } from '#core/contacts/table-keys.ts';
import { batchGet } from '#core/platform/dynamodb/batch.ts';
import type { RequestWrapper } from '#core/platform/dynamodb/client.ts';
import { queryAll, queryPages } from '#core/platform/dynamodb/paginate.ts';
import { projection } from '#core/platform/dynamodb/projection.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import type { Deadline } from '#core/platform/resilience/deadline.ts';
import type { Policy } from '#core/platform/resilience/policy.ts';

/** The tables of a lookup, and a policy for the calls to each. The client makes one attempt; the policies retry. */
export interface LookupIndex extends ContactTables {
  callContacts: Policy;
  callLookup: Policy;
}

export interface ContactMatches {
  /** How many contacts have the identifier. */
  matches: number;
  /** The most recently updated of them, that one first. */
  contacts: ContactWithAudiences[];
}

type Item = Record<string, unknown>;

/** One page of candidates is one BatchGet of their profiles. */
const CANDIDATE_PAGE_SIZE = 100;
/** An identifier that more contacts share identifies no contact; counting ends here. */
const MAX_CANDIDATES = 1_000;

interface Search {
  client: DynamoDBDocumentClient;
  contacts: string;
  lookup: string;
  callContacts: RequestWrapper;
  callLookup: RequestWrapper;
  keyring: Keyring;
  hashes: readonly string[];
}

/**
 * Finds the contacts that have an identifier. The index only names candidates. A contact counts when its own profile,
 * read consistently, has one of the hashes; so a contact that has just lost the identifier is never found. One
 * candidate takes two round trips.
 *
 * @param hashes of the identifier, under every key version in use
 * @param limit how many contacts to load
 * @throws {UnavailableError} when a table does not answer
 * @throws {CipherError} when a contact cannot be decrypted
 */
export async function findContacts(
  index: LookupIndex,
  keyring: Keyring,
  hashes: readonly string[],
  limit: number,
  deadline: Deadline,
): Promise<ContactMatches> {
  const search: Search = {
    ...index,
    callContacts: (send) => index.callContacts.run(send, deadline),
    callLookup: (send) => index.callLookup.run(send, deadline),
    keyring,
    hashes,
  };
  const pages = await Promise.all(hashes.map((hash) => findCandidates(search, hash)));
  const candidates = [...new Set(pages.flat())];
  const matching = candidates.length > 1 ? await selectMatching(search, candidates) : candidates;
  const contacts: ContactWithAudiences[] = [];
  let matches = matching.length;
  while (contacts.length < limit && matching.length > 0) {
    const next = matching.splice(0, limit - contacts.length);
    const loaded = await Promise.all(next.map((contactId) => loadMatching(search, contactId)));
    const confirmed = loaded.filter((contact) => contact !== undefined);
    contacts.push(...confirmed);
    matches -= next.length - confirmed.length;
  }
  return { matches, contacts };
}

async function findCandidates({ client, lookup, callLookup }: Search, hash: string): Promise<string[]> {
  const contactIds: string[] = [];
  const query = {
    TableName: lookup,
    KeyConditionExpression: 'pk = :hash',
    ExpressionAttributeValues: { ':hash': hash },
    Limit: CANDIDATE_PAGE_SIZE,
  };
  for await (const { items } of queryPages(client, query, callLookup)) {
    for (const row of items) contactIds.push(String(row.sk));
    if (contactIds.length >= MAX_CANDIDATES) break;
  }
  return contactIds;
}

/** The candidates that have the identifier, the most recently updated first. */
async function selectMatching(
  { client, contacts, callContacts, hashes }: Search,
  candidates: readonly string[],
): Promise<string[]> {
  const profiles = await batchGet(client, contacts, candidates.map(contactKey), {
    ConsistentRead: true,
    ...projection('pk', 'keys', 'updatedAt'),
    call: callContacts,
  });
  return profiles
    .filter((profile) => hasHash(profile, hashes))
    .sort(compareLastUpdate)
    .map(({ pk }) => contactIdOf(pk) ?? '');
}

/** Undefined when the contact was deleted or no longer has the identifier. */
async function loadMatching(
  { client, contacts, callContacts, keyring, hashes }: Search,
  contactId: string,
): Promise<ContactWithAudiences | undefined> {
  const items = await queryAll(client, collectionQuery(contacts, contactId), callContacts);
  const profile = findProfile(items);
  return profile && hasHash(profile, hashes) ? fromItemCollection(keyring, items) : undefined;
}

function hasHash({ keys }: { keys?: unknown }, hashes: readonly string[]): boolean {
  return keys instanceof Set && hashes.some((hash) => keys.has(hash));
}

/** The ID decides between two updates in the same millisecond, so that the order is always the same. */
function compareLastUpdate(a: Item, b: Item): number {
  return compareText(String(b.updatedAt), String(a.updatedAt)) || compareText(String(a.pk), String(b.pk));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
