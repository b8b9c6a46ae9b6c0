import { decryptBody, type Message, type MessageBody, type MessageStatus } from '#core/messages/message.ts';
import { partsOfMessageId } from '#core/messages/table-keys.ts';
import { CipherError } from '#core/platform/keys/index.ts';
import { count, logger } from '#core/platform/observability.ts';
import { changeMessageState, failUnreadable, type MessageChanges } from './change-message-state.ts';
import type { Deadlines, DispatchContext } from './dispatch-context.ts';
import type { LaneEntry, UnreadableItem } from './lane.ts';
import type { SendOutcome } from './outcome.ts';
import type { TakenSlot } from './rate.ts';
import { CLAIM_MS, expiryOf, INDEX_DELAY_MS, retryDelay, SEND_AFTER_CLAIM_MS } from './timeouts.ts';

/** How far one message got. */
export type StepResult =
  /** It has ended. The next message of its lane may go. */
  | { kind: 'FINISHED' }
  /** It waits until then, and the messages behind it, too. `queued`: it waits for its origin's rate. */
  | { kind: 'POSTPONED'; until: number; queued: boolean }
  /** Another dispatcher has claimed it until then. */
  | { kind: 'CLAIMED'; until: number }
  /** Another dispatcher changed it first. Read the lane again. */
  | { kind: 'CHANGED' };

/** The reason of a message that is queued behind its origin's rate. */
const RATE_LIMIT = 'RATE_LIMIT';

type UnclaimedMessage = Message & { status: { state: 'ACCEPTED' | 'WAITING' } };
type ClaimedMessage = Message & { status: Extract<MessageStatus, { state: 'SENDING' }> };

/** Takes the first open message of a lane as far as it can go now: check → slot → claim → send → record. */
export async function processNext(
  ctx: DispatchContext,
  entry: LaneEntry,
  deadlines: Deadlines,
): Promise<StepResult> {
  const now = ctx.clock.now();
  if ('unreadable' in entry) return finishUnreadable(ctx, entry);
  const { status } = entry;
  if (status.state === 'SENDING') return expireClaim(ctx, entry, Date.parse(status.dueAt), now);
  if (status.state === 'WAITING' && Date.parse(status.dueAt) > now) {
    return { kind: 'POSTPONED', until: Date.parse(status.dueAt), queued: status.reason === RATE_LIMIT };
  }
  if (expiryOf(entry) <= now) {
    return finish(ctx, entry, { state: 'FAILED', endedAt: iso(now), reason: 'EXPIRED' });
  }
  const body = readBody(ctx, entry);
  if (!body) return finish(ctx, entry, { state: 'FAILED', endedAt: iso(now), reason: 'UNREADABLE' });
  const message = entry as UnclaimedMessage;
  const stopped = await suppressOrPostpone(ctx, message, body);
  if (stopped) return stopped;
  if (!ctx.send) return finish(ctx, message, { state: 'STORED', endedAt: iso(ctx.clock.now()) });
  return sendInSlot(ctx, message, body, deadlines);
}

/** A claim that has expired belonged to a dispatcher that ended. That dispatcher may have sent the text. */
async function expireClaim(
  ctx: DispatchContext,
  message: Message,
  until: number,
  now: number,
): Promise<StepResult> {
  if (now < until) return { kind: 'CLAIMED', until };
  return finish(ctx, message, { state: 'UNKNOWN', since: iso(now), reason: 'DISPATCHER_ENDED' });
}

/** Checks everything that forbids or delays a text, at the last moment. Undefined when nothing does. */
async function suppressOrPostpone(
  ctx: DispatchContext,
  message: UnclaimedMessage,
  body: MessageBody,
): Promise<StepResult | undefined> {
  const reason = await ctx.checkMessage(ctx.keyring, message, body);
  const now = ctx.clock.now();
  if (reason === 'RECIPIENT_UNKNOWN' && !waitedForIndex(message)) {
    return postpone(ctx, message, now + INDEX_DELAY_MS, reason);
  }
  if (reason) return finish(ctx, message, { state: 'SUPPRESSED', endedAt: iso(now), reason });
  const allowedAt = message.quiet ? ctx.nextAllowed(body.to, message.quiet, now) : now;
  if (allowedAt <= now) return undefined;
  return postpone(ctx, message, allowedAt, 'QUIET_HOURS', { notBefore: iso(allowedAt) });
}

/**
 * The recipient was known when the message was accepted. The number may just be moving from one contact to another, and
 * the stream has not indexed the new contact yet. So a recipient is unknown only after the index had time to catch up.
 */
function waitedForIndex({ status }: UnclaimedMessage): boolean {
  return status.state === 'WAITING' && status.reason === 'RECIPIENT_UNKNOWN';
}

/** Waits for a slot of the origin, checks again what may have changed meanwhile, and sends. */
async function sendInSlot(
  ctx: DispatchContext,
  message: UnclaimedMessage,
  body: MessageBody,
  deadlines: Deadlines,
): Promise<StepResult> {
  const origin = ctx.originOf(message.from);
  const slot = await ctx.rate.takeSlot(origin, message.segments, ctx.clock.now(), deadlines.waitUntil);
  if (slot.kind === 'QUEUED') return postpone(ctx, message, slot.at, RATE_LIMIT);
  const wait = slot.at - ctx.clock.now();
  if (wait > 0) {
    await ctx.clock.sleep(wait);
    const stopped = await suppressOrPostpone(ctx, message, body);
    if (stopped) return releaseSlot(ctx, origin, slot, stopped);
  }
  const claimed = await claim(ctx, message);
  if (!claimed) return releaseSlot(ctx, origin, slot, { kind: 'CHANGED' });
  return recordOutcome(ctx, claimed, await sendClaimed(ctx, claimed, body));
}

/** Without this, the slot of a message that does not leave would be lost for all others. */
async function releaseSlot(
  ctx: DispatchContext,
  origin: string,
  slot: TakenSlot,
  result: StepResult,
): Promise<StepResult> {
  await ctx.rate.releaseSlot(origin, slot);
  return result;
}

/** The claim comes before the request: from now on, no other dispatcher can know whether the text was sent. */
async function claim(ctx: DispatchContext, message: UnclaimedMessage): Promise<ClaimedMessage | undefined> {
  const now = ctx.clock.now();
  const status = {
    state: 'SENDING' as const,
    claim: ctx.createClaimId(),
    claimedAt: iso(now),
    dueAt: iso(now + CLAIM_MS),
  };
  const attempts = message.attempts + 1;
  const isClaimed = await changeMessageState(ctx.table, message, status, { attempts });
  return isClaimed ? { ...message, attempts, status } : undefined;
}

async function sendClaimed(
  ctx: DispatchContext,
  message: ClaimedMessage,
  { to, content }: MessageBody,
): Promise<SendOutcome> {
  // If this process was frozen after its claim, another dispatcher may have expired the claim meanwhile.
  const isLate = ctx.clock.now() - Date.parse(message.status.claimedAt) > SEND_AFTER_CLAIM_MS;
  if (isLate || !ctx.send) return { kind: 'RETRY', reason: 'DISPATCHER_DELAYED' };
  return ctx.send({ ulid: ulidOf(message), from: message.from, to, content });
}

/** Only this process knows the outcome. So it retries the write until the claim expires. */
async function recordOutcome(
  ctx: DispatchContext,
  message: ClaimedMessage,
  outcome: SendOutcome,
): Promise<StepResult> {
  const now = ctx.clock.now();
  // Every attempt writes the same due time, so that a repeated write recognizes its own result.
  const drawn = ctx.clock.random();
  const random = () => drawn;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await writeOutcome(ctx, message, outcome, now, random);
      if (result.kind === 'CHANGED') logUnwritten(message, outcome);
      return result;
    } catch (error) {
      // Log at the first failure, because this process may be stopped at any time.
      if (attempt === 1) logUnwritten(message, outcome);
      const wait = retryDelay(attempt, ctx.clock);
      if (ctx.clock.now() + wait >= Date.parse(message.status.dueAt)) throw error;
      await ctx.clock.sleep(wait);
    }
  }
}

/** The operator who resolves the message finds its outcome here. */
function logUnwritten(message: Message, outcome: SendOutcome): void {
  const { kind, ...details } = outcome;
  logger.error('the dispatcher could not write the outcome of a message; use it to resolve the message', {
    ...{ ulid: ulidOf(message), outcome: kind },
    ...details,
  });
}

async function writeOutcome(
  ctx: DispatchContext,
  message: Message,
  outcome: SendOutcome,
  now: number,
  random: () => number,
): Promise<StepResult> {
  switch (outcome.kind) {
    case 'SENT': {
      const { providerMessageId } = outcome;
      return finish(ctx, message, { state: 'SENT', endedAt: iso(now), providerMessageId });
    }
    case 'FAILED':
      return finish(ctx, message, { state: 'FAILED', endedAt: iso(now), reason: outcome.reason });
    case 'OPTED_OUT':
      return finish(ctx, message, { state: 'SUPPRESSED', endedAt: iso(now), reason: 'OPTED_OUT' });
    case 'UNKNOWN':
      return finish(ctx, message, { state: 'UNKNOWN', since: iso(now), reason: outcome.reason });
    case 'RETRY':
      if (outcome.needsOperator) reportRefusal(ctx, outcome.reason);
      return postpone(ctx, message, now + retryDelay(message.attempts, { random }), outcome.reason);
  }
}

/** Without this alarm, the operator would notice only when texts expire a day later. */
function reportRefusal(ctx: DispatchContext, reason: string): void {
  count('MessagesRefused');
  if (ctx.loggedReasons.has(reason)) return;
  ctx.loggedReasons.add(reason);
  logger.error('the SMS provider refuses texts until you fix the reason; see MessagesRefusedAlarm', {
    reason,
  });
}

async function postpone(
  ctx: DispatchContext,
  message: Message,
  time: number,
  reason: string,
  changes: MessageChanges = {},
): Promise<StepResult> {
  // A message that expires earlier is due then, so that a run ends it.
  const until = Math.min(time, expiryOf({ ...message, ...changes }));
  const waiting: MessageStatus = { state: 'WAITING', dueAt: iso(until), reason };
  if (!(await changeMessageState(ctx.table, message, waiting, changes))) return { kind: 'CHANGED' };
  count('MessagesDelayed');
  return { kind: 'POSTPONED', until, queued: reason === RATE_LIMIT };
}

/** Each final state has one metric. */
const STATE_METRICS: Partial<Record<MessageStatus['state'], () => void>> = {
  SENT: () => count('MessagesSent'),
  FAILED: () => count('MessagesFailed'),
  UNKNOWN: () => count('MessagesUnknown'),
  STORED: () => count('MessagesStored'),
  SUPPRESSED: () => count('MessagesSuppressed'),
};

async function finish(ctx: DispatchContext, message: Message, to: MessageStatus): Promise<StepResult> {
  if (!(await changeMessageState(ctx.table, message, to))) return { kind: 'CHANGED' };
  STATE_METRICS[to.state]?.();
  const reason = 'reason' in to ? { reason: to.reason } : {};
  if (to.state === 'FAILED' || to.state === 'UNKNOWN') {
    logger.warn('message ended', { ulid: ulidOf(message), state: to.state, ...reason });
  }
  return { kind: 'FINISHED' };
}

async function finishUnreadable(ctx: DispatchContext, item: UnreadableItem): Promise<StepResult> {
  if (!(await failUnreadable(ctx.table, item, iso(ctx.clock.now())))) return { kind: 'CHANGED' };
  STATE_METRICS.FAILED?.();
  logger.warn('message ended', { state: 'FAILED', reason: 'UNREADABLE' });
  return { kind: 'FINISHED' };
}

/** Undefined when the body cannot be decrypted, now or later. */
function readBody(ctx: DispatchContext, message: Message): MessageBody | undefined {
  try {
    const { to, content } = decryptBody(ctx.keyring, message);
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
