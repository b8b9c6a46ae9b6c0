import type { Message } from '#core/messages/message.ts';
import type { Clock } from '#core/platform/clock.ts';
import { jitteredBackoff } from '#core/platform/resilience/backoff.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A claim expires after this time: its dispatcher has ended by then, whatever it did. */
export const CLAIM_MS = 2 * MINUTE;

/** A dispatcher that needs longer between its claim and the request does not send: the claim may have expired. */
export const SEND_AFTER_CLAIM_MS = 20_000;

/** The scheduled run starts within this time: one minute, plus its start. What is due earlier needs a wake-up. */
export const WAKE_UP_HORIZON_MS = MINUTE + 5_000;

/** A draining run lasts until the next scheduled run has had time to request another one. */
export const DRAIN_MS = WAKE_UP_HORIZON_MS + 10_000;

/** The index of contacts shows a change within this time. When it is further behind, an alarm has been raised. */
export const INDEX_DELAY_MS = 5 * MINUTE;

/** A message is sent within one day of its time, or not at all. */
const MAX_SEND_DELAY_MS = DAY;
/** Quiet hours extend that, up to this time. */
const MAX_QUIET_DELAY_MS = 3 * DAY;

/** No open message is older. One more day is for a dispatcher that was stopped. */
export const MAX_OPEN_AGE_MS = MAX_QUIET_DELAY_MS + DAY;

/** A message ends this long before DynamoDB may delete it, so that no open message disappears. */
const TTL_RESERVE_MS = 60 * MINUTE;

/** The time from which a message is not sent anymore, in milliseconds since 1970. */
export function expiryOf({
  acceptedAt,
  resolution,
  notBefore,
  ttl,
}: Pick<Message, 'acceptedAt' | 'resolution' | 'notBefore' | 'ttl'>): number {
  const start = Date.parse(resolution?.as === 'RESEND' ? resolution.at : acceptedAt);
  const time = notBefore === undefined ? start : Math.max(start, Date.parse(notBefore));
  return Math.min(time + MAX_SEND_DELAY_MS, start + MAX_QUIET_DELAY_MS, ttl * 1_000 - TTL_RESERVE_MS);
}

const RETRY_BACKOFF = { firstMs: 2_000, maxMs: 15 * MINUTE, jitter: 'equal' } as const;

/**
 * The wait before the next attempt, in milliseconds: 2 s, 4 s … 15 minutes, of which up to one half is random, so that
 * the messages of one outage do not return together.
 *
 * @param attempts so far, 1 or more
 */
export function retryDelay(attempts: number, clock: Pick<Clock, 'random'>): number {
  return jitteredBackoff(attempts, RETRY_BACKOFF, clock);
}
