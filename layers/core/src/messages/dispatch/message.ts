import { partsOfMessageId } from '#core/messages/keys.ts';
import { type Message, type MessageBody, type MessageStatus, openBody } from '#core/messages/message.ts';
import { CipherError } from '#core/platform/keys/index.ts';
import { count, logger } from '#core/platform/observability.ts';
import type { Dispatching, Patience } from './context.ts';
import { failUnreadable, type Unreadable } from './lane.ts';
import type { SendOutcome } from './outcome.ts';
import type { TakenSlot } from './rate.ts';
import { backoffOf, CLAIM_MS, expiryOf, HESITATION_MS, INDEX_MS } from './timeouts.ts';
import { type Changes, move } from './transitions.ts';

/** What was done about one message. */
export type Step =
  /** It has ended, and the next one of its lane may go. */
  | { kind: 'ENDED' }
  /** It has to wait until then, and the ones behind it with it. */
  | { kind: 'HELD'; until: number; queued: boolean }
  /** Somebody else has it until then. */
  | { kind: 'TAKEN'; until: number }
  /** Somebody else was faster, or it waited here: look at the lane again. */
  | { kind: 'AGAIN' };

/** The reason of a message that has a place in the queue of its origin. */
const QUEUED = 'RATE';

type Open = Message & { status: { state: 'ACCEPTED' | 'WAITING' } };
type Claimed = Message & { status: Extract<MessageStatus, { state: 'SENDING' }> };

/** Takes one message, the first open one of its lane, as far as it goes now. */
export async function advance(
  d: Dispatching,
  message: Message | Unreadable,
  patience: Patience,
): Promise<Step> {
  const now = d.clock.now();
  if ('unreadable' in message) return endUnreadable(d, message);
  const { status } = message;
  if (status.state === 'SENDING') return judgeClaim(d, message, Date.parse(status.dueAt), now);
  if (status.state === 'WAITING' && Date.parse(status.dueAt) > now) {
    return { kind: 'HELD', until: Date.parse(status.dueAt), queued: status.reason === QUEUED };
  }
  if (expiryOf(message) <= now)
    return end(d, message, { state: 'FAILED', endedAt: iso(now), reason: 'EXPIRED' });
  const body = open(d, message);
  if (!body) return end(d, message, { state: 'FAILED', endedAt: iso(now), reason: 'UNREADABLE' });
  const refused = await suppressOrHold(d, message as Open, body);
  if (refused) return refused;
  if (!d.send) return end(d, message, { state: 'STORED', endedAt: iso(d.clock.now()) });
  return takeTurn(d, message as Open, body, patience);
}

/** A claim whose time is over belonged to a dispatcher that has ended. Whether it had sent by then, nobody knows. */
async function judgeClaim(d: Dispatching, message: Message, until: number, now: number): Promise<Step> {
  if (now < until) return { kind: 'TAKEN', until };
  return end(d, message, { state: 'UNKNOWN', since: iso(now), reason: 'DISPATCHER_ENDED' });
}

/** Everything that may forbid or delay it, asked at the last moment. */
async function suppressOrHold(d: Dispatching, message: Open, body: MessageBody): Promise<Step | undefined> {
  const reason = await d.check(d.keyring, message, body);
  const now = d.clock.now();
  if (reason === 'NOT_KNOWN' && !askedBefore(message)) return hold(d, message, now + INDEX_MS, reason);
  if (reason) return end(d, message, { state: 'SUPPRESSED', endedAt: iso(now), reason });
  const allowed = message.quiet ? d.nextAllowed(body.to, message.quiet, now) : now;
  if (allowed <= now) return undefined;
  return hold(d, message, allowed, 'QUIET_HOURS', { notBefore: iso(allowed) });
}

/**
 * It was known when it was accepted. The number may just move from one contact to another, whose row a stream brings
 * into the index, so nobody is a stranger for good before the index had its time.
 */
function askedBefore({ status }: Open): boolean {
  return status.state === 'WAITING' && status.reason === 'NOT_KNOWN';
}

/** Waits for its turn among all that leave from the same origin, and looks again at what may have changed. */
async function takeTurn(d: Dispatching, message: Open, body: MessageBody, patience: Patience): Promise<Step> {
  const asked = d.clock.now();
  const origin = d.originOf(message.from);
  const slot = await d.rate.take(origin, message.segments, asked, patience.until);
  if (slot.kind === 'LATER') return hold(d, message, slot.at, QUEUED);
  const wait = slot.at - d.clock.now();
  if (wait > 0) {
    await d.clock.sleep(wait);
    const refused = await suppressOrHold(d, message, body);
    if (refused) return giveBack(refused);
  }
  const claimed = await claim(d, message);
  // The slot of who came too late would be lost for all others.
  return claimed ? send(d, claimed, body) : giveBack({ kind: 'AGAIN' });

  async function giveBack(step: Step): Promise<Step> {
    await d.rate.giveBack(origin, slot as TakenSlot);
    return step;
  }
}

/** The claim comes first: from here on, whoever finds the message cannot know whether it was sent. */
async function claim(d: Dispatching, message: Open): Promise<Claimed | undefined> {
  const now = d.clock.now();
  const status = {
    state: 'SENDING' as const,
    claim: d.newClaim(),
    claimedAt: iso(now),
    dueAt: iso(now + CLAIM_MS),
  };
  const attempts = message.attempts + 1;
  return (await move(d.table, message, status, { attempts })) ? { ...message, attempts, status } : undefined;
}

async function send(d: Dispatching, message: Claimed, { to, content }: MessageBody): Promise<Step> {
  const ulid = ulidOf(message);
  // Frozen between the two requests, it may have been judged by others since.
  const late = d.clock.now() - Date.parse(message.status.claimedAt) > HESITATION_MS;
  const outcome: SendOutcome =
    late || !d.send
      ? { kind: 'LATER', reason: 'HESITATED' }
      : await d.send({ ulid, from: message.from, to, content });
  return insist(d, message, outcome);
}

/** What is known now, nobody will know later: it is written again and again until the claim ends. */
async function insist(d: Dispatching, message: Claimed, outcome: SendOutcome): Promise<Step> {
  const now = d.clock.now();
  const random = d.clock.random();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const step = await settle(d, message, outcome, now, random);
      if (step.kind === 'AGAIN') tellUnwritten(message, outcome);
      return step;
    } catch (error) {
      // At once, because this process may be cut off.
      if (attempt === 1) tellUnwritten(message, outcome);
      const wait = backoffOf(attempt, d.clock.random());
      if (d.clock.now() + wait >= Date.parse(message.status.dueAt)) throw error;
      await d.clock.sleep(wait);
    }
  }
}

/** A person who has to decide about it finds out here. */
function tellUnwritten(message: Message, outcome: SendOutcome): void {
  const { kind, ...details } = outcome;
  logger.error('what became of a message could not be written', {
    ...{ ulid: ulidOf(message), outcome: kind },
    ...details,
  });
}

async function settle(
  d: Dispatching,
  message: Message,
  outcome: SendOutcome,
  now: number,
  random: number,
): Promise<Step> {
  switch (outcome.kind) {
    case 'SENT': {
      const { providerMessageId } = outcome;
      return end(d, message, { state: 'SENT', endedAt: iso(now), providerMessageId });
    }
    case 'REFUSED':
      return end(d, message, { state: 'FAILED', endedAt: iso(now), reason: outcome.reason });
    case 'OPTED_OUT':
      return end(d, message, { state: 'SUPPRESSED', endedAt: iso(now), reason: 'OPTED_OUT' });
    case 'LOST':
      return end(d, message, { state: 'UNKNOWN', since: iso(now), reason: outcome.reason });
    case 'LATER':
      if (outcome.mendable) tellRefusal(d, outcome.reason);
      return hold(d, message, now + backoffOf(message.attempts, random), outcome.reason);
  }
}

/** Without this nobody would hear of it until texts expire a day later. */
function tellRefusal(d: Dispatching, reason: string): void {
  count('MessagesRefused');
  if (d.told.has(reason)) return;
  d.told.add(reason);
  logger.error('the sender refuses texts until somebody mends it', { reason });
}

async function hold(
  d: Dispatching,
  message: Message,
  time: number,
  reason: string,
  changes: Changes = {},
): Promise<Step> {
  // Somebody has to look at it when its time is over, too.
  const until = Math.min(time, expiryOf({ ...message, ...changes }));
  const moved = await move(d.table, message, { state: 'WAITING', dueAt: iso(until), reason }, changes);
  if (!moved) return { kind: 'AGAIN' };
  count('MessagesDelayed');
  return { kind: 'HELD', until, queued: reason === QUEUED };
}

/** One metric for each end. */
const COUNTS: Partial<Record<MessageStatus['state'], () => void>> = {
  SENT: () => count('MessagesSent'),
  FAILED: () => count('MessagesFailed'),
  UNKNOWN: () => count('MessagesUnknown'),
  STORED: () => count('MessagesStored'),
  SUPPRESSED: () => count('MessagesSuppressed'),
};

async function end(d: Dispatching, message: Message, to: MessageStatus): Promise<Step> {
  if (!(await move(d.table, message, to))) return { kind: 'AGAIN' };
  COUNTS[to.state]?.();
  const reason = 'reason' in to ? { reason: to.reason } : {};
  if (to.state === 'FAILED' || to.state === 'UNKNOWN') {
    logger.warn('message ended', { ulid: ulidOf(message), state: to.state, ...reason });
  }
  return { kind: 'ENDED' };
}

async function endUnreadable(d: Dispatching, message: Unreadable): Promise<Step> {
  if (!(await failUnreadable(d.table, message, iso(d.clock.now())))) return { kind: 'AGAIN' };
  count('MessagesFailed');
  logger.warn('message ended', { state: 'FAILED', reason: 'UNREADABLE' });
  return { kind: 'ENDED' };
}

/** Undefined when it cannot be opened, and never will be. */
function open(d: Dispatching, message: Message): MessageBody | undefined {
  try {
    const { to, content } = openBody(d.keyring, message);
    return typeof to === 'string' && typeof content === 'string' ? { to, content } : undefined;
  } catch (error) {
    if (error instanceof CipherError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function ulidOf({ messageId }: Message): string {
  return partsOfMessageId(messageId)?.ulid ?? '';
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
