import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import { isOutage, UnavailableError } from '#core/platform/errors.ts';
import { createDeadline, type Deadline, withTimeLimit } from './deadline.ts';

export interface PolicyOptions {
  /** What is protected, for the error's message: `LookupTable`. */
  name: string;
  /** All attempts and the waits between them end within this time. */
  budgetMs: number;
  /** One attempt ends after this time. */
  attemptMs: number;
  /** Attempts after the first. */
  retries: number;
  /** Consecutive failures that open the breaker; it lets one attempt through again after `breakMs`. */
  breakAfter: number;
  breakMs: number;
  /** Attempts at once, and how many may wait for a place. */
  parallel: number;
  queue: number;
}

export const defaultPolicy: Omit<PolicyOptions, 'name' | 'budgetMs'> = {
  attemptMs: 600,
  retries: 2,
  breakAfter: 5,
  breakMs: 5_000,
  parallel: 64,
  queue: 512,
};

export interface Policy {
  /**
   * Runs `attempt` until it succeeds, its retries are used up, or the budget is over.
   *
   * @param deadline of the operation that this call is a part of: attempts end with it, and the operation ends the
   * call. Without one the call has the policy's budget and ends itself.
   * @throws {UnavailableError} when the dependency did not answer; errors that say the request itself is wrong
   * pass through unchanged.
   */
  run<T>(attempt: (signal: AbortSignal) => Promise<T>, deadline?: Deadline): Promise<T>;
}

/** Budget, retries with jitter, breaker and bulkhead around one dependency. One policy for each dependency and process. */
export function createPolicy(options: PolicyOptions): Policy {
  const outages = handleWhen(isOutage);
  const breaker = circuitBreaker(outages, {
    halfOpenAfter: options.breakMs,
    breaker: new ConsecutiveBreaker(options.breakAfter),
  });
  const attempts = retry(
    handleWhen((error) => isFailure(error) && !isSpent(error) && breaker.state !== CircuitState.Open),
    { maxAttempts: options.retries, backoff: new ExponentialBackoff({ initialDelay: 25, maxDelay: 250 }) },
  );
  const placed = wrap(bulkhead(options.parallel, options.queue), attempts);

  function attemptWithin<T>(deadline: Deadline, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const left = deadline.left();
    if (left === 0) throw new UnavailableError(SPENT, `The time for ${options.name} is over.`);
    return breaker.execute(() => withTimeLimit(Math.min(options.attemptMs, left), attempt));
  }

  return {
    async run(attempt, deadline) {
      const within = deadline ?? createDeadline(options.budgetMs);
      const run = () => placed.execute(() => attemptWithin(within, attempt));
      try {
        return await (deadline ? run() : within.run(run));
      } catch (error) {
        if (!isFailure(error)) throw error;
        throw new UnavailableError('UNAVAILABLE', `${options.name} did not answer in time. Try again.`, {
          cause: error,
        });
      }
    },
  };
}

/** Ends the retries of a call whose time is over. */
const SPENT = 'BUDGET_SPENT';

function isSpent(error: unknown): boolean {
  return error instanceof UnavailableError && error.code === SPENT;
}

/** The dependency failed, or the policy did not let the attempt through. */
function isFailure(error: unknown): boolean {
  return error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError || isOutage(error);
}
