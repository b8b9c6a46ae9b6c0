import type { RateLimit } from './rate.ts';

/** What a process knows of origins whose next slots are given away: until when nobody of the stream waits for them. */
export type Crowds = Map<string, number>;

/** For so long nobody of the stream waits for an origin that had no slot. */
const CROWDED_MS = 30_000;

/**
 * The rate for a batch of the stream, behind which texts of other origins stand: it waits for slots until `latest`, but
 * once in half a minute for each origin that has too few. Whoever comes meanwhile takes the slot that is free at once,
 * or a place in the queue, and the batch goes on.
 */
export function hurried(rate: RateLimit, crowds: Crowds, latest: number): RateLimit {
  return {
    ...rate,
    async take(origin, parts, now) {
      const waits = now >= (crowds.get(origin) ?? 0);
      const slot = await rate.take(origin, parts, now, waits ? Math.max(now, latest) : now);
      if (slot.kind === 'LATER' && waits) crowds.set(origin, now + CROWDED_MS);
      return slot;
    },
  };
}
