import { UnavailableError } from '../../platform/errors.ts';

/**
 * Waits for work no longer than it may take.
 *
 * @throws {UnavailableError} when the time is over; the work itself goes on until its own limits end it
 */
export async function withinBudget<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new UnavailableError('BUDGET_SPENT', `There was no answer within ${milliseconds} ms.`)),
    milliseconds,
  );
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
