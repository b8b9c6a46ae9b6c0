import type { Parameters } from 'fast-check';

/** An hour: a property ends by its number of runs. */
export const PROPERTY_TIMEOUT_MS = 3_600_000;

/** What `npm test` draws from: always the same, so that what fails is about what was changed. */
const SEED = 20_261_121;

/**
 * The seed of a test, other ones each time with SWITCHBOARD_LONG=1. It is printed at the start, so that a run that hangs
 * or is killed can be repeated too, with SWITCHBOARD_SEED.
 */
export function testSeed(what = expect.getState().currentTestName): number {
  const usual = process.env.SWITCHBOARD_LONG ? Date.now() % 2 ** 31 : SEED;
  const seed = Number(process.env.SWITCHBOARD_SEED ?? usual);
  process.stdout.write(`SWITCHBOARD_SEED=${seed} ${what}\n`);
  return seed;
}

/** How a property is checked: so many random runs, twenty times as many with SWITCHBOARD_LONG=1. */
export function propertyRuns(numRuns: number): Parameters<unknown> {
  const seed = testSeed();
  return { seed, numRuns: process.env.SWITCHBOARD_LONG ? numRuns * 20 : numRuns };
}
