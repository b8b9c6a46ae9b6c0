import type { Message } from '#core/messages/message.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** After this time nobody hears of a claim any more: its dispatcher has ended, whatever it did. */
export const CLAIM_MS = 2 * MINUTE;

/** A dispatcher that stood still for longer between its claim and the request does not send: others may have judged. */
export const HESITATION_MS = 20_000;

/** Before that the schedule comes: its minute, and some time to get going. What is due sooner, somebody has to follow. */
export const SOON_MS = MINUTE + 5_000;

/** A run follows until the schedule has asked for the next one, whenever it began. */
export const FOLLOW_MS = SOON_MS + 10_000;

/** By then the index of contacts knows of a change; when it is behind for longer, an alarm has rung. */
export const INDEX_MS = 5 * MINUTE;

/** A message goes out within a day of its time, or not at all. */
const LATEST_MS = DAY;
/** Quiet hours move its time, but not for ever. */
const LONGEST_MS = 3 * DAY;

/** Open messages are younger than that, and a day for a dispatcher that stands still. */
export const OLDEST_OPEN_MS = LONGEST_MS + DAY;

/** Before DynamoDB may delete it: nothing vanishes while something is still to be done. */
const BEFORE_TTL_MS = 60 * MINUTE;

/** From this time on a message is not sent any more, in milliseconds since 1970. */
export function expiryOf({
  acceptedAt,
  decision,
  notBefore,
  ttl,
}: Pick<Message, 'acceptedAt' | 'decision' | 'notBefore' | 'ttl'>): number {
  const begun = Date.parse(decision?.as === 'RESEND' ? decision.at : acceptedAt);
  const time = notBefore === undefined ? begun : Math.max(begun, Date.parse(notBefore));
  return Math.min(time + LATEST_MS, begun + LONGEST_MS, ttl * 1_000 - BEFORE_TTL_MS);
}

/**
 * How long to wait after a refusal: 2 s, 4 s … 15 minutes, of which a random half is taken off, so that the messages
 * of one outage do not come back together.
 *
 * @param attempts so far, 1 or more
 */
export function backoffOf(attempts: number, random: number): number {
  return Math.min(15 * MINUTE, 1_000 * 2 ** Math.min(attempts, 20)) * (1 - random / 2);
}
