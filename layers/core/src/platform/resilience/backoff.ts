import type { Clock } from '#core/platform/clock.ts';

export interface BackoffOptions {
  /** The longest first wait. It doubles with every attempt. */
  firstMs: number;
  maxMs: number;
  /**
   * The part of the wait that is random: all of it (`full`), so that many clients spread out, or half of it (`equal`),
   * so that a wait is never short.
   */
  jitter?: 'full' | 'equal';
}

/**
 * How long to wait after an attempt that failed: exponential, with jitter as in "Exponential Backoff And Jitter" of the
 * AWS Architecture Blog.
 *
 * @param attempt so far, 1 or more
 */
export function jitteredBackoff(
  attempt: number,
  { firstMs, maxMs, jitter = 'full' }: BackoffOptions,
  { random }: Pick<Clock, 'random'>,
): number {
  const longest = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return jitter === 'full' ? random() * longest : longest * (0.5 + random() / 2);
}
