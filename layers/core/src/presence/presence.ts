import type { Directory } from '#core/directory/table.ts';
import { describeError } from '#core/platform/errors.ts';
import { count, logger } from '#core/platform/observability.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import { createSpokenTime } from './spoken-time.ts';
import { type Availability, getStatus, isBelieved } from './status.ts';

/** What is known of an agent's status, as a flow reads it. */
export type Presence =
  | { agentStatus: 'UNKNOWN' }
  | {
      agentStatus: Availability;
      /** ISO time. */
      agentSince: string;
      /** What follows "since" in the language of the call: `ten past two`. */
      agentSinceText: string;
    };

/** Where no stream is followed, no event was seen, or the last one is too old. */
export const NOTHING_KNOWN: Presence = { agentStatus: 'UNKNOWN' };

/** One read takes a few milliseconds; a caller does not wait longer for something that is not needed. */
const READ_MS = 400;

/**
 * Makes what finds an agent's status: one GetItem, once. It never fails: what goes wrong costs the status only.
 *
 * @returns a function of the agent, the language of the call, and the milliseconds that are left
 */
export function createFindPresence(directory: Directory, timeZone: string) {
  const spokenTime = createSpokenTime(timeZone);

  async function read(agentId: string, language: string | undefined, leftMs: number): Promise<Presence> {
    const status = await withTimeLimit(Math.min(READ_MS, leftMs), (signal) =>
      getStatus(directory, agentId, signal),
    );
    const now = new Date();
    if (status === undefined || !isBelieved(status, now)) return NOTHING_KNOWN;
    const { status: agentStatus, since } = status;
    return { agentStatus, agentSince: since, agentSinceText: spokenTime(new Date(since), now, language) };
  }

  return async function findPresence(
    agentId: string,
    language: string | undefined,
    leftMs: number,
  ): Promise<Presence> {
    try {
      return await read(agentId, language, leftMs);
    } catch (error) {
      // Whatever it is, the caller can be put through without it.
      count('AgentStatusUnread');
      logger.warn('agent status unread', { error: describeError(error) });
      return NOTHING_KNOWN;
    }
  };
}
