import { createHash } from 'node:crypto';
import type { AgentDetails } from './agents.ts';

/**
 * Of the rules by which an agent and its numbers are written: another number, and the next sync writes every agent
 * anew. 1: names are spelled (`names/spelling`). 2: assigned numbers have keys in the index.
 */
const FINGERPRINT_VERSION = 2;

/** 128 bits over everything the directory keeps of a user, and how it writes it. */
export function fingerprintOf(details: AgentDetails): string {
  const {
    arn,
    username,
    firstName,
    lastName,
    preferredExtension: preferred = null,
    unlisted = false,
  } = details;
  const text = JSON.stringify([FINGERPRINT_VERSION, arn, username, firstName, lastName, preferred, unlisted]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
