import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ContactWithAudiences } from '#core/contacts/contact.ts';
import { findProfile, fromItemCollection } from '#core/contacts/items.ts';
import { contactIdOf, contactKey, contactPartition } from '#core/contacts/keys.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import type { Policy } from '#core/platform/resilience/policy.ts';

/** The tables of a lookup and how each is called. The client makes one attempt; the policies do the rest. */
export interface LookupIndex {
  client: DynamoDBDocumentClient;
  /** The name of ContactsTable. */
  contacts: string;
  /** The name of LookupTable. */
  lookup: string;
  callContacts: Policy;
  callLookup: Policy;
}

export interface ContactMatches {
  /** How many contacts hold the identifier. */
  matches: number;
  /** The most recently updated of them, that one first. */
  contacts: ContactWithAudiences[];
}

type Item = Record<string, unknown>;

/** One page of candidates is one BatchGet of their profiles. */
const CANDIDATE_PAGE_SIZE = 100;
/** An identifier shared by more contacts than this identifies nobody; counting ends here. */
const MAX_CANDIDATES = 1_000;

/**
 * Finds the contacts that hold an identifier. The index only says where to look: a contact counts when its own
 * keys hold one of the hashes, read consistently, so that it is never one that has just lost the identifier. With one candidate, the usual case, that takes two round trips.
 *
 * @param hashes of the identifier, under every key version in use
 * @param limit how many contacts to load
 * @throws {UnavailableError} when a table does not answer
 * @throws {CipherError} when a contact cannot be opened
 */
export async function findContacts(
  source: LookupIndex,
  keyring: Keyring,
  hashes: readonly string[],
  limit: number,
): Promise<ContactMatches> {
  const pages = await Promise.all(hashes.map((hash) => findCandidates(source, hash)));
  const candidates = [...new Set(pages.flat())];
  const holders = candidates.length > 1 ? await selectMatching(source, candidates, hashes) : candidates;
  const contacts: ContactWithAudiences[] = [];
  let matches = holders.length;
  while (contacts.length < limit && holders.length > 0) {
    const next = holders.splice(0, limit - contacts.length);
    const loaded = await Promise.all(next.map((id) => loadMatching(source, keyring, id, hashes)));
    const confirmed = loaded.filter((contact) => contact !== undefined);
    contacts.push(...confirmed);
    matches -= next.length - confirmed.length;
  }
  return { matches, contacts };
}

async function findCandidates(source: LookupIndex, hash: string): Promise<string[]> {
  const ids: string[] = [];
  let next: Item | undefined;
  do {
    const query = new QueryCommand({
      TableName: source.lookup,
      KeyConditionExpression: 'pk = :hash',
      ExpressionAttributeValues: { ':hash': hash },
      Limit: CANDIDATE_PAGE_SIZE,
      ExclusiveStartKey: next,
    });
    const page = await source.callLookup.run((abortSignal) => source.client.send(query, { abortSignal }));
    for (const row of page.Items ?? []) ids.push(String(row.sk));
    next = page.LastEvaluatedKey;
  } while (next && ids.length < MAX_CANDIDATES);
  return ids;
}

/** The candidates that hold the identifier, the most recently updated first. */
async function selectMatching(
  source: LookupIndex,
  candidates: readonly string[],
  hashes: readonly string[],
): Promise<string[]> {
  const pages = Array.from({ length: Math.ceil(candidates.length / CANDIDATE_PAGE_SIZE) }, (_, page) =>
    readProfiles(source, candidates.slice(page * CANDIDATE_PAGE_SIZE, (page + 1) * CANDIDATE_PAGE_SIZE)),
  );
  const profiles = (await Promise.all(pages)).flat().filter((profile) => hasHash(profile, hashes));
  return profiles.sort(compareLastUpdate).map(({ pk }) => contactIdOf(pk) ?? '');
}

async function readProfiles({ client, contacts, callContacts }: LookupIndex, ids: readonly string[]) {
  const profiles: Item[] = [];
  let keys: Item[] = ids.map(contactKey);
  for (let attempt = 0; keys.length > 0; attempt += 1) {
    if (attempt === 5) {
      throw new UnavailableError('UNAVAILABLE', 'ContactsTable left keys unprocessed. Try again.');
    }
    const read = new BatchGetCommand({
      RequestItems: {
        [contacts]: {
          Keys: keys,
          ConsistentRead: true,
          ProjectionExpression: 'pk, #keys, updatedAt',
          ExpressionAttributeNames: { '#keys': 'keys' },
        },
      },
    });
    const answer = await callContacts.run((abortSignal) => client.send(read, { abortSignal }));
    profiles.push(...(answer.Responses?.[contacts] ?? []));
    keys = answer.UnprocessedKeys?.[contacts]?.Keys ?? [];
  }
  return profiles;
}

/** Undefined when the contact is gone or no longer holds the identifier. */
async function loadMatching(
  source: LookupIndex,
  keyring: Keyring,
  contactId: string,
  hashes: readonly string[],
): Promise<ContactWithAudiences | undefined> {
  const items: Item[] = [];
  let next: Item | undefined;
  do {
    const query = new QueryCommand({
      TableName: source.contacts,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': contactPartition(contactId) },
      ConsistentRead: true,
      ExclusiveStartKey: next,
    });
    const page = await source.callContacts.run((abortSignal) => source.client.send(query, { abortSignal }));
    items.push(...(page.Items ?? []));
    next = page.LastEvaluatedKey;
  } while (next);
  const profile = findProfile(items);
  return profile && hasHash(profile, hashes) ? fromItemCollection(keyring, items) : undefined;
}

function hasHash({ keys }: { keys?: unknown }, hashes: readonly string[]): boolean {
  return keys instanceof Set && hashes.some((hash) => keys.has(hash));
}

/** The id decides between two updates of the same millisecond, so that the answer is always the same one. */
function compareLastUpdate(a: Item, b: Item): number {
  return compare(String(b.updatedAt), String(a.updatedAt)) || compare(String(a.pk), String(b.pk));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
