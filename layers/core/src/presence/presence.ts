import type { Directory } from '#core/directory/table.ts';
import { describeError } from '#core/platform/errors.ts';
import { count, logger } from '#core/platform/observability.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import { createSpokenTime } from './spoken-time.ts';
import { type Availability, getStatus, isCurrentStatus } from './status.ts';

// Read this folder from the top. The call: presence → status, spoken-time. The stream: agent-activity → event, store → status.

/** An agent's status, as a contact flow reads it. */
export type Presence =
  | { agentStatus: 'UNKNOWN' }
  | {
      agentStatus: Availability;
      /** ISO time. */
      agentSince: string;
      /** The words after "since" in the language of the call: `ten past two`. */
      agentSinceText: string;
    };

/** The stack reads no agent event stream, the agent has no event, or the last event is too old. */
export const UNKNOWN_PRESENCE: Presence = { agentStatus: 'UNKNOWN' };

/** A read usually takes a few milliseconds. A call continues without the status when a read takes longer. */
const MAX_READ_MS = 400;

/**
 * Creates the read port for an agent's status: one GetItem, without retries. It never throws. On an error the status is
 * `UNKNOWN`.
 *
 * @returns a function of the agent, the language of the call, and the remaining milliseconds
 */
export function createFindPresence(directory: Directory, timeZone: string) {
  const spokenTime = createSpokenTime(timeZone);

  async function read(agentId: string, language: string | undefined, leftMs: number): Promise<Presence> {
    const status = await withTimeLimit(Math.min(MAX_READ_MS, leftMs), (signal) =>
      getStatus(directory, agentId, signal),
    );
    const now = new Date();
    if (status === undefined || !isCurrentStatus(status, now)) return UNKNOWN_PRESENCE;
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
      // The call can be transferred without the status.
      count('AgentStatusReadFailed');
      logger.warn('agent status read failed', { error: describeError(error) });
      return UNKNOWN_PRESENCE;
    }
  };
}
