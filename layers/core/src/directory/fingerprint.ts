import { createHash } from 'node:crypto';
import type { AgentDetails } from './agents.ts';

/** Of the rules in `names/spelling`: another number, and the next sync spells every agent anew. */
const SPELLING_RULES = 1;

/** 128 bits over everything the directory keeps of a user, and how it spells the name. */
export function fingerprintOf(details: AgentDetails): string {
  const { arn, username, firstName, lastName, preferred = null, unlisted = false } = details;
  const text = JSON.stringify([SPELLING_RULES, arn, username, firstName, lastName, preferred, unlisted]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
