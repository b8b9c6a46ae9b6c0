import { setTimeout } from 'node:timers/promises';
import { chunks } from '#core/platform/chunks.ts';

/** Keeps writes below a rate. */
export interface Pace {
  /** Resolves when so many writes may be made. */
  take(writes: number): Promise<void>;
  /** Cuts a list into pieces to be written one after the other, so that it is no burst. */
  groups<T>(items: readonly T[]): T[][];
}

/** As many as one BatchWriteItem takes. */
const GROUP = 25;

/**
 * Evens out writes over time: each group waits until those before it have had their share.
 *
 * @param perSecond undefined for no limit
 */
export function paced(
  perSecond: number | undefined,
  clock: { now(): number; wait(ms: number): Promise<unknown> } = {
    now: () => performance.now(),
    wait: setTimeout,
  },
): Pace {
  if (perSecond === undefined) return { take: async () => {}, groups: (items) => [[...items]] };
  let free = 0;
  return {
    async take(writes) {
      const now = clock.now();
      const start = Math.max(free, now);
      free = start + (writes / perSecond) * 1000;
      if (start > now) await clock.wait(start - now);
    },
    groups: (items) => chunks(items, GROUP),
  };
}
