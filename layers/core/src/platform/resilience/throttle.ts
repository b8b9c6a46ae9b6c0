import type { Clock } from '#core/platform/clock.ts';
import { isOutage, UnavailableError } from '#core/platform/errors.ts';

export interface PacingOptions {
  /** Between two requests of one kind, once the burst is spent. */
  intervalMs: number;
  /** Requests of one kind that may follow each other without a wait, after a rest. */
  burst: number;
  /** Failures of the other side in a row that end it. */
  attempts: number;
  longestBackoffMs: number;
}

/** Sends requests no faster than a quota allows, and sends again what was throttled or failed. */
export interface Pacing {
  /** Requests so far. */
  readonly calls: number;
  /**
   * @param kind what has a quota of its own: an operation
   * @param deadline on the clock
   * @throws {OutOfTimeError} when the answer cannot come before the deadline
   * @throws {UnavailableError} `CONNECT_UNAVAILABLE` (after its name) when the other side fails again and again; errors that say the
   * request itself is wrong pass through unchanged
   */
  run<Answer>(kind: string, deadline: number, ask: () => Promise<Answer>): Promise<Answer>;
}

/** The time is over before the other side answered. */
export class OutOfTimeError extends UnavailableError {
  override readonly name = 'OutOfTimeError';
}

/** @param name who is asked, for messages: `Connect` */
export function createPacing(name: string, clock: Clock, options: PacingOptions): Pacing {
  const { intervalMs, burst, attempts, longestBackoffMs } = options;
  /** When the bucket of a kind will be full again. */
  const fullAt = new Map<string, number>();
  let calls = 0;

  /** The time of the next request that the quota allows; taken by asking. */
  function takeSlot(kind: string): number {
    const now = clock.now();
    const full = Math.max(fullAt.get(kind) ?? now, now);
    fullAt.set(kind, full + intervalMs);
    return Math.max(now, full - (burst - 1) * intervalMs);
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
    async run(kind, deadline, ask) {
      for (let attempt = 1; ; attempt += 1) {
        await waitUntil(takeSlot(kind), deadline);
        calls += 1;
        try {
          return await ask();
        } catch (error) {
          if (!isOutage(error)) throw error;
          if (attempt === attempts) {
            throw new UnavailableError(
              `${name.toUpperCase()}_UNAVAILABLE`,
              `${name} failed ${attempts} times in a row.`,
              {
                cause: error,
              },
            );
          }
          const backoff = Math.min(longestBackoffMs, 500 * 2 ** attempt);
          await waitUntil(clock.now() + backoff * (0.5 + clock.random() / 2), deadline);
        }
      }
    },
  };
}
