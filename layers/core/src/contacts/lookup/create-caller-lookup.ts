import type { ContactWithAudiences } from '#core/contacts/contact.ts';
import { createIdentifierParser } from '#core/contacts/identifiers.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import type { FlowAnswer } from '#core/platform/handlers/contact-flow.ts';
import { createKeyringLoader, keySettings } from '#core/platform/keys/index.ts';
import { canonicalTag } from '#core/platform/language.ts';
import { createDeadline } from '#core/platform/resilience/deadline.ts';
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

/** The work of caller-lookup: from an identifier to the attributes that a flow may read, within the budget. */
export function createCallerLookup(env: CallerLookupEnv) {
  const budgetMs = env.LOOKUP_BUDGET_MS;
  const keyring = createKeyringLoader(keySettings(env));
  const lookup = createLookup({
    index: createLookupIndex({ contacts: env.CONTACTS_TABLE, lookup: env.LOOKUP_TABLE, budgetMs }),
    keyring,
    parseIdentifier: createIdentifierParser(env.DEFAULT_COUNTRY),
    budgetMs,
    limit: 1,
  });
  const agents = {
    directory: { client: documentClient(1), table: env.DIRECTORY_TABLE },
    callDirectory: createPolicy({ ...defaultPolicy, name: 'DirectoryTable', budgetMs, attemptMs: 300 }),
  };
  // Load the keys while the function starts. The first call waits for them, or loads them again.
  keyring().catch(() => undefined);

  return async function findCaller(identifier: string | undefined): Promise<FlowAnswer> {
    const deadline = createDeadline(budgetMs);
    const answer = await lookup(identifier ?? '', deadline);
    const agentId = answer.contacts[0]?.agentId;
    const extension =
      agentId && deadline.left() > 0 ? await findAgentExtension(agents, agentId, deadline) : undefined;
    return buildCallerAnswer(answer, extension);
  };
}

/**
 * The attributes that a flow may read. The most important ones come first, because an answer that is too long is cut at
 * its end. Private attributes are not among them.
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
