import type { RequestQuota } from '#core/platform/resilience/throttle.ts';

/**
 * Connect allows 2 requests a second for each operation, with a burst of 5:
 * https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html#connect-api-quotas
 */
const INTERVAL_MS = 500;

/** How much of the quota a kind of work uses, and how often it sends a request that Connect throttles or fails. */
export const QUOTA_SHARES = {
  /** A deployment is short and waits for every answer. It leaves one request of the burst to others. */
  deployment: { intervalMs: INTERVAL_MS, burst: 4, attempts: 6, maxBackoffMs: 10_000 },
  /** A scheduled job has time. It leaves the burst to others. */
  job: { intervalMs: INTERVAL_MS, burst: 1, attempts: 12, maxBackoffMs: 30_000 },
  /** A command sends a few requests, and its user can wait for a moment. */
  command: { intervalMs: INTERVAL_MS, burst: 2, attempts: 8, maxBackoffMs: 10_000 },
} as const satisfies Record<string, RequestQuota>;

export type QuotaShare = keyof typeof QUOTA_SHARES;
