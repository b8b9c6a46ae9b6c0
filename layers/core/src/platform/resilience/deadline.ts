import { UnavailableError } from '#core/platform/errors.ts';

/** When an operation must end. Create one where the operation begins, and pass it down. */
export interface Deadline {
  /** The milliseconds that are left; 0 when it is over. */
  left(): number;
  /** Aborts when it is over. For requests that take a signal and need no other limit. */
  readonly signal: AbortSignal;
  /**
   * Waits for work no longer than what is left.
   *
   * @param maxMs a shorter limit for this work
   * @throws {UnavailableError} `TIMED_OUT`
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, maxMs?: number): Promise<T>;
}

/** @param now a clock that is not set back; a test stops it */
export function createDeadline(budgetMs: number, now: () => number = () => performance.now()): Deadline {
  const end = now() + budgetMs;
  const left = () => Math.max(0, end - now());
  let signal: AbortSignal | undefined;
  return {
    left,
    get signal() {
      signal ??= AbortSignal.timeout(Math.ceil(left()));
      return signal;
    },
    run: (work, maxMs = Number.POSITIVE_INFINITY) => withTimeLimit(Math.min(left(), maxMs), work),
  };
}

/**
 * Waits for work no longer than it may take. Its signal aborts when the time is over; what it does then is ignored.
 * (cockatiel's timeout aborts its signal after every success as well, which costs more than the rest of it.)
 *
 * @throws {UnavailableError} `TIMED_OUT`
 */
export async function withTimeLimit<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new UnavailableError('TIMED_OUT', `There was no answer within ${Math.round(milliseconds)} ms.`));
    controller.abort();
  }, milliseconds);
  try {
    return await Promise.race([work(controller.signal), over]);
  } finally {
    clearTimeout(timer);
  }
}
