import { ConnectClient } from '@aws-sdk/client-connect';
import { type Clock, systemClock } from '@switchboard/core/agent-sync';
import { ConfigurationError, SwitchboardError, UnavailableError } from '@switchboard/core/platform/errors';
import { createRequestThrottle } from '@switchboard/core/platform/resilience/throttle';

/** Asks Connect within its quota, and says in our words what it refuses. */
export interface Calls {
  instanceArn: string;
  clock: Clock;
  client: Pick<ConnectClient, 'send'>;
  /**
   * @param operation `ClaimPhoneNumber`
   * @param refusals what an error of Connect means here, by its name
   * @throws {ConfigurationError} when Connect refuses
   * @throws {UnavailableError} when Connect fails again and again
   */
  ask<Answer>(
    operation: string,
    send: () => Promise<Answer>,
    refusals?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

/** Connect's default quota; a person has time, and others need the burst. */
const QUOTA = { intervalMs: 500, burst: 2, attempts: 8, maxBackoffMs: 10_000 };

/** A request that takes longer is made again: the SDK would wait for ever. */
const REQUEST_MS = 10_000;

export function createCalls(
  instanceArn: string,
  overrides: { client?: Calls['client']; clock?: Clock; timeoutMs?: number } = {},
): Calls {
  const clock = overrides.clock ?? systemClock;
  const { timeoutMs = REQUEST_MS } = overrides;
  // One attempt, so that every request is counted against the quota.
  const requestHandler = {
    connectionTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    throwOnRequestTimeout: true,
  };
  const client = overrides.client ?? new ConnectClient({ maxAttempts: 1, requestHandler });
  const pacing = createRequestThrottle('Connect', clock, QUOTA);
  return {
    instanceArn,
    clock,
    client,
    async ask(operation, send, refusals = {}) {
      try {
        return await pacing.run(operation, Number.POSITIVE_INFINITY, async () => {
          try {
            return await send();
          } catch (error) {
            throw refused(operation, error, refusals);
          }
        });
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        const { name = '' } = (error.cause ?? {}) as { name?: string };
        throw new UnavailableError(
          'CONNECT_UNAVAILABLE',
          `Amazon Connect did not answer ${operation} (${name}), although it was asked again and again. Try once more later.`,
          { cause: error },
        );
      }
    },
  };
}

/** What Connect refuses for good, in words that say what to do; anything else as it was. */
function refused(operation: string, error: unknown, refusals: Readonly<Record<string, string>>): unknown {
  if (!(error instanceof Error) || error instanceof SwitchboardError) return error;
  const meaning = refusals[error.name];
  if (meaning !== undefined) return new ConfigurationError('REFUSED', meaning, { cause: error });
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  if (status === 403 || error.name.startsWith('AccessDenied')) {
    const text = `These credentials have no right to connect:${operation} on the instance and on phone-number/*.`;
    return new ConfigurationError('ACCESS_DENIED', text, { cause: error });
  }
  if (status < 400 || status === 429 || status >= 500) return error;
  // About numbers of ours, or that anybody may claim: it names nobody.
  const text = `Connect refused ${operation} (${error.name}): ${error.message.slice(0, 300)}`;
  return new ConfigurationError('REFUSED', text, { cause: error });
}
