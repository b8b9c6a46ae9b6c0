import type { ContactWithAudiences } from '#core/contacts/contact.ts';
import type { IdentifierParser } from '#core/contacts/identifiers.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { describeError, UnavailableError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { CipherError } from '#core/platform/keys/index.ts';
import { logger } from '#core/platform/observability.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import { createPolicy, defaultPolicy } from '#core/platform/resilience/policy.ts';
import { createAnswerCache } from './answer-cache.ts';
import { type ContactMatches, findContacts, type LookupIndex } from './find-contacts.ts';

/** The answer to "who is this?". The contacts come with the most recently updated first. */
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
      source?: 'cache';
    };

export type Lookup = (text: string) => Promise<LookupAnswer>;

export interface LookupOptions {
  index: LookupIndex;
  keyring: () => Promise<Keyring>;
  parseIdentifier: IdentifierParser;
  /** The time for everything, in milliseconds. */
  budgetMs: number;
  /** How many contacts of an ambiguous identifier to load. */
  limit: number;
  now?: () => number;
}

/** How many contacts the last known answers may hold, and how stale they may be: five minutes. */
const LAST_ANSWERS = { contacts: 500, maxAgeMs: 5 * 60_000 };

/**
 * Makes the lookup of one identifier of any type. An outage is an answer too: the last known one, or `DEGRADED`
 * with nothing. It throws on faults of our own only.
 */
export function createLookup({
  index: source,
  keyring,
  parseIdentifier,
  budgetMs,
  limit,
  now,
}: LookupOptions): Lookup {
  const known = createAnswerCache<ContactMatches>({
    size: Math.ceil(LAST_ANSWERS.contacts / limit),
    maxAgeMs: LAST_ANSWERS.maxAgeMs,
    ...(now ? { now } : {}),
  });

  async function find(keys: Keyring, hashes: string[]): Promise<LookupAnswer> {
    const found = await findContacts(source, keys, hashes, limit);
    const [newest = ''] = hashes;
    if (found.matches > 0) known.set(newest, found);
    else known.delete(newest);
    return answerWith(found);
  }

  return async function lookup(text) {
    const parsed = parseIdentifier(text);
    if (parsed.kind === 'anonymous') return unresolved('ANONYMOUS', 'The number is withheld or missing.');
    if (parsed.kind === 'invalid') return unresolved('INVALID', parsed.reason);
    let hashes: string[] = [];
    const work = async () => {
      const keys = await keyring();
      hashes = keys.hashes(parsed.canonical);
      return find(keys, hashes);
    };
    try {
      return await withTimeLimit(budgetMs, work);
    } catch (error) {
      if (!(error instanceof UnavailableError || error instanceof CipherError)) throw error;
      logger.warn('lookup degraded', { error: describeError(error) });
      return degraded(known.get(hashes[0] ?? ''));
    }
  };
}

/** The tables behind a policy each, so that one that fails does not take the other's places. */
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

/** Looks many identifiers up, some at a time, and answers in their order. */
export async function lookUpBatch(lookup: Lookup, texts: readonly string[]): Promise<LookupAnswer[]> {
  const answers: LookupAnswer[] = [];
  const queue = texts.entries();
  const worker = async () => {
    for (const [index, text] of queue) answers[index] = await lookup(text);
  };
  await Promise.all(Array.from({ length: Math.min(25, texts.length) }, worker));
  return answers;
}

function answerWith({ matches, contacts }: ContactMatches): LookupAnswer {
  if (matches === 0) return { status: 'NOT_FOUND', matches: 0, contacts: [], source: 'index' };
  if (matches === 1) return { status: 'FOUND', matches: 1, contacts, source: 'index' };
  return { status: 'AMBIGUOUS', matches, contacts, source: 'index' };
}

function unresolved(status: 'ANONYMOUS' | 'INVALID', message: string): LookupAnswer {
  return { status, matches: 0, contacts: [], message };
}

function degraded(last: ContactMatches | undefined): LookupAnswer {
  if (!last) {
    const message = 'The contacts did not answer in time, and nothing is known from before. Try again.';
    return { status: 'DEGRADED', matches: 0, contacts: [], message };
  }
  const message = 'The contacts did not answer in time. This is the last known answer.';
  return { status: 'DEGRADED', ...last, message, source: 'cache' };
}
