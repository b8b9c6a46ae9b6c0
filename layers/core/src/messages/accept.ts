import { monotonicFactory } from 'ulid';
import { type Clock, systemClock } from '#core/platform/clock.ts';
import { InvalidInputError, UnprocessableError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { createCheckParties, type PartySettings } from './acceptance/check-sender-recipient.ts';
import type { Accepted, AcceptMessage, AcceptRequest, FindEarlier } from './acceptance/contract.ts';
import { createIdempotency } from './acceptance/idempotency.ts';
import type { Acceptance, AcceptanceTables, Mark } from './acceptance/record.ts';
import { checkRequest } from './acceptance/request.ts';
import { countSegments } from './acceptance/segments.ts';
import { laneOf, messageIdFor } from './keys.ts';
import { messageItem, sealBody } from './message.ts';

export type { Accepted, AcceptMessage, AcceptRequest, FindEarlier } from './acceptance/contract.ts';

export interface AcceptSettings extends Omit<AcceptanceTables, 'clock'>, Omit<PartySettings, 'clock'> {
  keyring: () => Promise<Keyring>;
  retentionDays: number;
  clock?: Clock;
}

/** A key is remembered for at least this long, also where messages are kept for less. */
const KEY_DAYS = 35;
const DAY_MS = 86_400_000;
/** When somebody looks for a message whose stream record came to nothing. */
const SAFETY_NET_MS = 5 * 60_000;

/**
 * Makes the one way in for messages: what is checked, then one transaction that writes the message and its key. And what
 * finds those that came in before.
 *
 * @example await createAcceptance(settings).accept({ idempotencyKey: 'order-17', from, to, content: 'Hi', origin: 'api' })
 * // { messageId: '01J…', duplicate: false, segments: 1, encoding: 'GSM-7' }
 */
export function createAcceptance(settings: AcceptSettings): {
  accept: AcceptMessage;
  findEarlier: FindEarlier;
} {
  const { clock = systemClock, retentionDays } = settings;
  const checkParties = createCheckParties({ ...settings, clock });
  const keepSeconds = (Math.max(retentionDays, KEY_DAYS) * DAY_MS) / 1_000;
  const idempotency = createIdempotency({ ...settings, clock }, keepSeconds);
  const nextUlid = monotonicFactory();

  function prepare(keyring: Keyring, sms: AcceptRequest): Acceptance {
    const now = clock.now();
    const lane = laneOf(keyring, sms.to);
    const ulid = nextUlid(now);
    const messageId = messageIdFor(ulid, lane);
    const { from, to, content, origin, quiet, recipientPresent } = sms;
    const answer = { messageId, ...countSegments(content) };
    const item = messageItem({
      ...answer,
      from,
      blob: sealBody(keyring, messageId, { to, content }),
      origin,
      ...(quiet ? { quiet } : {}),
      ...(recipientPresent ? { recipientPresent } : {}),
      attempts: 0,
      acceptedAt: new Date(now).toISOString(),
      ttl: Math.ceil((now + retentionDays * DAY_MS) / 1_000),
      status: { state: 'ACCEPTED', dueAt: new Date(now + SAFETY_NET_MS).toISOString() },
    });
    return { marks: marksOf(keyring, sms), item, token: ulid, answer };
  }

  async function accept(request: AcceptRequest): Promise<Accepted> {
    const sms = checkRequest(request);
    const keyring = await settings.keyring();
    const acceptance = prepare(keyring, sms);
    const refusal = await checkParties(keyring, sms).catch((error: unknown) => {
      if (error instanceof UnprocessableError) return error;
      throw error;
    });
    // What was accepted stays accepted, though the contact or the number went since.
    const answer = refusal ? await idempotency.earlier(acceptance) : await idempotency.once(acceptance);
    if (refusal && answer === undefined) throw refusal;
    const { messageId, segments, encoding } = answer ?? acceptance.answer;
    return { messageId, duplicate: messageId !== acceptance.answer.messageId, segments, encoding };
  }

  async function findEarlier(requests: readonly AcceptRequest[]): Promise<(Accepted | undefined)[]> {
    const keyring = await settings.keyring();
    const good = requests.flatMap((request, place) => {
      const sms = unlessInvalid(request);
      return sms ? [{ place, acceptance: prepare(keyring, sms) }] : [];
    });
    const answers = await idempotency.earlierOf(good.map(({ acceptance }) => acceptance));
    const found = new Map(good.map(({ place }, at) => [place, answers[at]]));
    return requests.map((_, place) => {
      const answer = found.get(place);
      return answer && { ...answer, duplicate: true };
    });
  }

  return { accept, findEarlier };
}

/** Whoever accepts it says what is wrong with it. */
function unlessInvalid(request: AcceptRequest): AcceptRequest | undefined {
  try {
    return checkRequest(request);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

/** Hashed with keys, because neither a key nor a content is to be guessed from what is stored. */
function marksOf(
  keyring: Keyring,
  { idempotencyKey, from, to, content }: AcceptRequest,
): Acceptance['marks'] {
  const fingerprints = keyring.hashes(`sms content ${JSON.stringify([from, to, content])}`);
  const marks = keyring
    .hashes(`sms key ${idempotencyKey}`)
    .map((key, at) => ({ key, fingerprint: fingerprints[at] ?? '' }));
  return marks as [Mark, ...Mark[]];
}
