import { markExportDue } from '#core/directory/sync-state.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { count } from '#core/platform/observability.ts';
import { type ExpiryResult, expireNumbers } from './expire-numbers.ts';

/** Less than the minute between two runs, so that they do not work on the same numbers. */
const MAX_RUN_MS = 50_000;

/** The part of a run that is kept for waiting agents, even when more numbers are due than the run can expire. */
const WAITING_AGENTS_SHARE = 0.2;

/**
 * Divides the time of a run.
 *
 * @param startedAt milliseconds since 1970
 * @param remainingMs the time that the invocation has left
 * @returns the times when the run stops expiring numbers, and when it stops altogether
 */
export function expiryDeadlines(
  startedAt: number,
  remainingMs: number,
): { expiryEndsAt: number; endsAt: number } {
  const timeMs = Math.min(MAX_RUN_MS, remainingMs / 2);
  return { expiryEndsAt: startedAt + timeMs * (1 - WAITING_AGENTS_SHARE), endsAt: startedAt + timeMs };
}

/** Composes the scheduled work of number-expiry. */
export function createNumberExpiry(settings: { table: string }) {
  const directory = { client: documentClient(), table: settings.table };

  /** @param remainingMs the time that the invocation has left */
  return async function runExpiry(remainingMs: number): Promise<ExpiryResult> {
    const now = Date.now();
    const { expiryEndsAt, endsAt } = expiryDeadlines(now, remainingMs);
    const result = await expireNumbers(directory, now, {
      stopExpiry: () => Date.now() >= expiryEndsAt,
      stop: () => Date.now() >= endsAt,
    });
    const { quarantinesEnded, reservedNumbersExpired, numbersRemoved, waitingAgentsAssigned } = result.counts;
    count('QuarantinesEnded', quarantinesEnded + numbersRemoved);
    count('ReservedNumbersExpired', reservedNumbersExpired);
    count('WaitingAgentsAssigned', waitingAgentsAssigned);
    if (waitingAgentsAssigned > 0) await markExportDue(directory, new Date().toISOString());
    return result;
  };
}
