import { UnavailableError } from './errors.ts';
import { isOutage } from './resilience/policy.ts';

/**
 * Waits for a call that the SDK has already tried several times.
 *
 * @throws {UnavailableError} in place of a throttle, a 5xx, a time-out or a broken connection
 */
export async function orUnavailable<T>(name: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (!isOutage(cause)) throw cause;
    throw new UnavailableError('UNAVAILABLE', `${name} did not answer in time. Try again.`, { cause });
  }
}
