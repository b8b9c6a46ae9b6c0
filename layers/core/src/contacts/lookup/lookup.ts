import type { ContactWithAudiences } from '#core/contacts/contact.ts';
import type { IdentifierParser } from '#core/contacts/identifiers.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { describeError, UnavailableError } from '#core/platform/errors.ts';
import { CipherError, type Keyring } from '#core/platform/keys/index.ts';
import { logger } from '#core/platform/observability.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { createDeadline, type Deadline } from '#core/platform/resilience/deadline.ts';
import { createPolicy, defaultPolicy } from '#core/platform/resilience/policy.ts';
import { createAnswerCache } from './answer-cache.ts';
import { type FallbackSource, findInSources } from './fallback.ts';
import { type ContactMatches, findContacts, type LookupIndex } from './find-contacts.ts';

/** Which contacts have an identifier. The most recently updated contact comes first. */
export type LookupAnswer =
  | { status: 'FOUND'; matches: 1; contacts: ContactWithAudiences[]; source: 'index' }
  | { status: 'AMBIGUOUS'; matches: number; contacts: ContactWithAudiences[]; source: 'index' }
  | { status: 'NOT_FOUND'; matches: 0; contacts: []; source: 'index' }
  | { status: 'ANONYMOUS' | 'INVALID'; matches: 0; contacts: []; message: string }
  | {
      status: 'DEGRADED';
      matches: number;
      contacts: ContactWithAudiences[];
      message: string;
      /** The fallback source that answered. */
      source?: string;
    };

/** @param deadline of the operation that the lookup is a part of; the lookup has its own budget by default */
export type Lookup = (text: string, deadline?: Deadline) => Promise<LookupAnswer>;

export interface LookupOptions {
  index: LookupIndex;
  keyring: () => Promise<Keyring>;
  parseIdentifier: IdentifierParser;
  /** The time for everything, in milliseconds. */
  budgetMs: number;
  /** How many contacts of an ambiguous identifier to load. */
  limit: number;
  /** Tried in this order when the index does not answer. The last known answer comes after them. */
  fallbacks?: readonly FallbackSource[];
  now?: () => number;
}

const MAX_CACHED_CONTACTS = 500;
const MAX_ANSWER_AGE_MS = 5 * 60_000;
const BATCH_CONCURRENCY = 25;

/**
 * Makes the lookup of one identifier of any type. In an outage it tries the fallback sources and answers `DEGRADED`.
 * It throws only when the application itself is at fault.
 */
export function createLookup({
  index,
  keyring,
  parseIdentifier,
  budgetMs,
  limit,
  fallbacks = [],
  now,
}: LookupOptions): Lookup {
  const lastKnown = createAnswerCache<ContactMatches>({
    size: Math.ceil(MAX_CACHED_CONTACTS / limit),
    maxAgeMs: MAX_ANSWER_AGE_MS,
    ...(now ? { now } : {}),
  });
  const cache: FallbackSource = {
    name: 'cache',
    find: async ({ hashes: [newest = ''] }) => lastKnown.get(newest),
  };
  const sources = [...fallbacks, cache];
  const reservedMs = sources.reduce((total, { reserveMs = 0 }) => total + reserveMs, 0);

  async function findInIndex(keys: Keyring, hashes: string[], deadline: Deadline): Promise<LookupAnswer> {
    const found = await findContacts(index, keys, hashes, limit, deadline);
    const [newest = ''] = hashes;
    if (found.matches > 0) lastKnown.set(newest, found);
    else lastKnown.delete(newest);
    return resolved(found);
  }

  return async function lookup(text, deadline = createDeadline(budgetMs)) {
    const parsed = parseIdentifier(text);
    if (parsed.kind === 'anonymous') return unresolved('ANONYMOUS', 'The number is withheld or missing.');
    if (parsed.kind === 'invalid') return unresolved('INVALID', parsed.reason);
    let hashes: string[] = [];
    const work = async () => {
      const keys = await keyring();
      hashes = keys.hashes(parsed.canonical);
      return findInIndex(keys, hashes, deadline);
    };
    try {
      return await deadline.run(work, Math.max(0, deadline.left() - reservedMs));
    } catch (error) {
      if (!(error instanceof UnavailableError || error instanceof CipherError)) throw error;
      logger.warn('lookup degraded', { error: describeError(error) });
      return degraded(
        await findInSources(sources, { identifier: parsed.canonical, hashes, limit }, deadline),
      );
    }
  };
}

/** Each table has its own policy, so that one that fails does not use up the concurrency of the other. */
export function createLookupIndex(tables: {
  contacts: string;
  lookup: string;
  budgetMs: number;
}): LookupIndex {
  const { contacts, lookup, budgetMs } = tables;
  const options = { ...defaultPolicy, budgetMs, attemptMs: Math.ceil(budgetMs * 0.3) };
  return {
    client: documentClient(1),
    contacts,
    lookup,
    callContacts: createPolicy({ ...options, name: 'ContactsTable' }),
    callLookup: createPolicy({ ...options, name: 'LookupTable' }),
  };
}

/** Looks up many identifiers concurrently, and answers in their order. */
export async function lookUpBatch(lookup: Lookup, texts: readonly string[]): Promise<LookupAnswer[]> {
  const answers: LookupAnswer[] = [];
  await forEachConcurrent(texts.entries(), BATCH_CONCURRENCY, async ([position, text]) => {
    answers[position] = await lookup(text);
  });
  return answers;
}

function resolved({ matches, contacts }: ContactMatches): LookupAnswer {
  if (matches === 0) return { status: 'NOT_FOUND', matches: 0, contacts: [], source: 'index' };
  if (matches === 1) return { status: 'FOUND', matches: 1, contacts, source: 'index' };
  return { status: 'AMBIGUOUS', matches, contacts, source: 'index' };
}

function unresolved(status: 'ANONYMOUS' | 'INVALID', message: string): LookupAnswer {
  return { status, matches: 0, contacts: [], message };
}

function degraded(found: (ContactMatches & { source: string }) | undefined): LookupAnswer {
  if (!found) {
    const message = 'The contacts did not answer in time, and no other source has an answer. Try again.';
    return { status: 'DEGRADED', matches: 0, contacts: [], message };
  }
  const message =
    found.source === 'cache'
      ? 'The contacts did not answer in time. This is the last known answer.'
      : 'The contacts did not answer in time. This answer is from another source.';
  return { status: 'DEGRADED', ...found, message };
}
