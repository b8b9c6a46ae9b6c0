/** Connect's default quota, for each operation: two requests a second, five at once. */
export const QUOTA = { perSecond: 2, burst: 5 };

/** A token bucket for each operation. */
export interface Quota {
  /** Whether a request may pass; takes a token when it does. */
  take(operation: string): boolean;
}

/** @param now in milliseconds, monotonic */
export function createQuota(options = QUOTA, now: () => number = () => performance.now()): Quota {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(operation) {
      const at = now();
      const bucket = buckets.get(operation) ?? { tokens: options.burst, at };
      const tokens = Math.min(options.burst, bucket.tokens + ((at - bucket.at) / 1000) * options.perSecond);
      const passes = tokens >= 1;
      buckets.set(operation, { tokens: passes ? tokens - 1 : tokens, at });
      return passes;
    },
  };
}
