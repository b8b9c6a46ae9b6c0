import { UnavailableError } from '#core/platform/errors.ts';

/**
 * Waits for work no longer than it may take. Work that goes over is told so by its signal, and not waited for.
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
