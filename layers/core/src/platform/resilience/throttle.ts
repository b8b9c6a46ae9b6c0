import { chunks } from '#core/platform/chunks.ts';
import { type Clock, systemClock } from '#core/platform/clock.ts';
import { isOutage, UnavailableError } from '#core/platform/errors.ts';
import { jitteredBackoff } from './backoff.ts';

/** The time is over before the dependency answered. */
export class OutOfTimeError extends UnavailableError {
  override readonly name = 'OutOfTimeError';
}

export interface RequestQuota {
  /** Between two requests of one kind, once the burst is spent. */
  intervalMs: number;
  /** Requests of one kind that may follow each other without a wait, after a rest. */
  burst: number;
  /** Failures in a row after which `run` throws. */
  attempts: number;
  maxBackoffMs: number;
}

/** Sends requests no faster than a quota allows, and repeats requests that were throttled or failed. */
export interface RequestThrottle {
  /** Requests so far. */
  readonly calls: number;
  /**
   * @param kind what has a quota of its own: an operation
   * @param deadline on the clock
   * @throws {OutOfTimeError} when the answer cannot come before the deadline
   * @throws {UnavailableError} `CONNECT_UNAVAILABLE` (after the name of the dependency) when it fails again and again;
   * errors that say the request itself is wrong pass through unchanged
   */
  run<Answer>(kind: string, deadline: number, request: () => Promise<Answer>): Promise<Answer>;
}

/** @param name the dependency, for messages: `Connect` */
export function createRequestThrottle(name: string, clock: Clock, quota: RequestQuota): RequestThrottle {
  const backoff = { firstMs: 1_000, maxMs: quota.maxBackoffMs, jitter: 'equal' } as const;
  const kinds = new Map<string, () => number>();
  let calls = 0;

  function takeSlot(kind: string): number {
    let take = kinds.get(kind);
    if (!take) {
      take = createSlots(clock, quota.intervalMs, quota.burst);
      kinds.set(kind, take);
    }
    return take();
  }

  async function waitUntil(time: number, deadline: number): Promise<void> {
    const wait = time - clock.now();
    if (clock.now() + Math.max(0, wait) >= deadline) {
      throw new OutOfTimeError('OUT_OF_TIME', `The time for requests to ${name} is over.`);
    }
    if (wait > 0) await clock.sleep(wait);
  }

  return {
    get calls() {
      return calls;
    },
    async run(kind, deadline, request) {
      for (let attempt = 1; ; attempt += 1) {
        await waitUntil(takeSlot(kind), deadline);
        calls += 1;
        try {
          return await request();
        } catch (cause) {
          if (!isOutage(cause)) throw cause;
          if (attempt === quota.attempts) {
            const message = `${name} failed ${quota.attempts} times in a row. Try again.`;
            throw new UnavailableError(`${name.toUpperCase()}_UNAVAILABLE`, message, { cause });
          }
          await waitUntil(clock.now() + jitteredBackoff(attempt, backoff, clock), deadline);
        }
      }
    },
  };
}

/** Keeps writes below a rate. */
export interface WriteThrottle {
  /** Resolves when this number of writes may be made. */
  take(writes: number): Promise<void>;
  /** Cuts a list into groups to write one after the other, so that they are no burst. */
  groups<T>(items: readonly T[]): T[][];
}

/** One BatchWriteItem. */
const GROUP_SIZE = 25;

/** A clock that is never set back. */
const monotonicClock = { now: () => performance.now(), sleep: systemClock.sleep };

/**
 * Spreads writes over time: each group waits until the writes before it have had their share.
 *
 * @param perSecond undefined for no limit
 */
export function createWriteThrottle(
  perSecond: number | undefined,
  clock: Pick<Clock, 'now' | 'sleep'> = monotonicClock,
): WriteThrottle {
  if (perSecond === undefined) return { take: async () => {}, groups: (items) => [[...items]] };
  const takeSlot = createSlots(clock, 1_000 / perSecond, 1);
  return {
    async take(writes) {
      const wait = takeSlot(writes) - clock.now();
      if (wait > 0) await clock.sleep(wait);
    },
    groups: (items) => chunks(items, GROUP_SIZE),
  };
}

/**
 * A token bucket (generic cell rate algorithm).
 *
 * @returns a function that takes slots and returns the time of the first one
 */
function createSlots(
  { now }: Pick<Clock, 'now'>,
  intervalMs: number,
  burst: number,
): (slots?: number) => number {
  let fullAt = Number.NEGATIVE_INFINITY;
  return (slots = 1) => {
    const time = now();
    const full = Math.max(fullAt, time);
    fullAt = full + slots * intervalMs;
    return Math.max(time, full - (burst - 1) * intervalMs);
  };
}
