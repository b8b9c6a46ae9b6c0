import type { ContactWithAudiences } from '#core/contacts/contact.ts';
import { createIdentifierParser } from '#core/contacts/identifiers.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import type { FlowAnswer } from '#core/platform/handlers/contact-flow.ts';
import { keyringLoader, keySettings } from '#core/platform/keys/index.ts';
import { canonicalTag } from '#core/platform/language.ts';
import { createPolicy, defaultPolicy } from '#core/platform/resilience/policy.ts';
import { findAgentExtension } from './agent-extension.ts';
import { createLookup, createLookupIndex, type LookupAnswer } from './lookup.ts';

export interface CallerLookupEnv {
  CONTACTS_TABLE: string;
  LOOKUP_TABLE: string;
  DIRECTORY_TABLE: string;
  DEFAULT_COUNTRY: string;
  ORGANIZATION: string;
  ROOT_KEY_ARN: string;
  KEY_VERSIONS: number[];
  LOOKUP_BUDGET_MS: number;
}

/** What caller-lookup does: from an identifier to what a flow may know, within the budget. */
export function createCallerLookup(env: CallerLookupEnv) {
  const budgetMs = env.LOOKUP_BUDGET_MS;
  const keyring = keyringLoader(keySettings(env));
  const lookup = createLookup({
    index: createLookupIndex({ contacts: env.CONTACTS_TABLE, lookup: env.LOOKUP_TABLE, budgetMs }),
    keyring,
    parseIdentifier: createIdentifierParser(env.DEFAULT_COUNTRY),
    budgetMs,
    limit: 1,
  });
  const agents = {
    client: documentClient(1),
    directory: env.DIRECTORY_TABLE,
    callDirectory: createPolicy({ ...defaultPolicy, name: 'DirectoryTable', budgetMs, attemptMs: 300 }),
  };
  // While the function still starts; the first call waits for it, or tries again.
  keyring().catch(() => undefined);

  return async function whoIsCalling(identifier: string | undefined): Promise<FlowAnswer> {
    const started = performance.now();
    const answer = await lookup(identifier ?? '');
    const agentId = answer.contacts[0]?.agentId;
    const left = budgetMs - (performance.now() - started);
    const extension = agentId && left > 0 ? await findAgentExtension(agents, agentId, left) : undefined;
    return buildCallerAnswer(answer, extension);
  };
}

/**
 * What a flow may know, flat. The parts that matter most come first, because an answer that would be too long is
 * cut at its end. Private attributes are not among them.
 */
export function buildCallerAnswer(answer: LookupAnswer, extension?: string): FlowAnswer {
  const [contact] = answer.contacts;
  return {
    status: answer.status,
    matches: String(answer.matches),
    source: 'source' in answer ? answer.source : undefined,
    message: 'message' in answer ? answer.message : undefined,
    ...(contact ? describeContact(contact) : {}),
    extension,
    ...(contact ? flattenAttributes(contact) : {}),
  };
}

function describeContact({ contactId, firstName, lastName, language, agentId }: ContactWithAudiences) {
  const displayName = [firstName, lastName].filter(Boolean).join(' ') || undefined;
  const tag = language && canonicalTag(language);
  return { contactId, displayName, firstName, lastName, language: tag, agentId };
}

function flattenAttributes({ audiences, attributes }: ContactWithAudiences) {
  return {
    audiences: audiences.join(','),
    ...Object.fromEntries(audiences.map((id) => [`audience_${id}`, 'true'])),
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`attr_${name}`, value])),
  };
}
