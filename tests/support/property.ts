/** An hour: a property ends by its number of runs. */
export const PROPERTY_TIMEOUT_MS = 3_600_000;

import type { Parameters } from 'fast-check';

/**
 * How a property is checked: so many random runs, twenty times as many with SWITCHBOARD_LONG=1. The seed is
 * printed at the start, so that a run that hangs or is killed can be repeated too, with SWITCHBOARD_SEED.
 */
export function propertyRuns(numRuns: number): Parameters<unknown> {
  const seed = Number(process.env.SWITCHBOARD_SEED ?? Date.now() % 2 ** 31);
  const { currentTestName = '' } = expect.getState();
  process.stdout.write(`SWITCHBOARD_SEED=${seed} ${currentTestName}\n`);
  return { seed, numRuns: process.env.SWITCHBOARD_LONG ? numRuns * 20 : numRuns };
}
