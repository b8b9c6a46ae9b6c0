import { markExportDue } from '#core/directory/changes.ts';
import { documentClient } from '#core/platform/aws.ts';
import { count } from '#core/platform/observability.ts';
import { type SweepResult, sweepNumbers } from './expire-numbers.ts';

export { type SweepResult, sweepNumbers } from './expire-numbers.ts';

/** So that it is over before the next one begins, a minute later, and no two work on the same numbers. */
const SWEEP_MS = 50_000;

/** Of its time a sweep keeps this part for the agents who wait, however much is due. */
const WAITING_SHARE = 0.2;

/**
 * When a sweep stops.
 *
 * @param remainingMs how long the invocation may still take
 */
export function sweepEnds(startedAt: number, remainingMs: number): { ending: number; all: number } {
  const time = Math.min(SWEEP_MS, remainingMs / 2);
  return { ending: startedAt + time * (1 - WAITING_SHARE), all: startedAt + time };
}

/** Makes the sweep of this process. */
export function createNumberSweep(settings: { table: string }) {
  const directory = { client: documentClient(), table: settings.table };

  /** @param remainingMs how long the invocation may still take */
  return async function sweep(remainingMs: number): Promise<SweepResult> {
    const now = Date.now();
    const ends = sweepEnds(now, remainingMs);
    const result = await sweepNumbers(directory, now, {
      ending: () => Date.now() >= ends.ending,
      all: () => Date.now() >= ends.all,
    });
    count('QuarantinesEnded', result.counts.freed + result.counts.removed);
    count('ReservedNumbersExpired', result.counts.expired);
    count('AgentsServed', result.counts.served);
    if (result.counts.served > 0) await markExportDue(directory, new Date().toISOString());
    return result;
  };
}
