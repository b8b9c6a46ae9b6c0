import { monotonicFactory } from 'ulid';
import { encryptBody, messageItem } from '#core/messages/message.ts';
import { laneOf, messageIdFor } from '#core/messages/table-keys.ts';
import { InvalidInputError, UnprocessableError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import type { Accepted, AcceptMessage, AcceptRequest, FindDuplicates } from './accept-request.ts';
import { createSenderRecipientCheck, type SenderRecipientSettings } from './check-sender-recipient.ts';
import { createIdempotency } from './idempotency.ts';
import type { Acceptance, AcceptanceTables, IdempotencyKey } from './idempotency-record.ts';
import { parseRequest } from './parse-request.ts';
import { countSegments } from './segments.ts';

export type { Accepted, AcceptMessage, AcceptRequest, FindDuplicates } from './accept-request.ts';

export interface AcceptanceSettings extends AcceptanceTables, Omit<SenderRecipientSettings, 'clock'> {
  keyring: () => Promise<Keyring>;
  retentionDays: number;
}

/** A key is stored for at least this long, even if messages are deleted earlier. */
const MIN_KEY_RETENTION_DAYS = 35;
const DAY_MS = 86_400_000;
/** A message becomes due after this time, in case its stream record is lost. */
const FIRST_DUE_AFTER_MS = 5 * 60_000;

/**
 * Creates the only way to accept a message: the checks, and one transaction that writes the message and its key. Also
 * creates the read that finds requests that were accepted before.
 *
 * @example await createAcceptance(settings).accept({ idempotencyKey: 'order-17', from, to, content: 'Hi', origin: 'api' })
 * // { messageId: '01J…', duplicate: false, segments: 1, encoding: 'GSM-7' }
 */
export function createAcceptance(settings: AcceptanceSettings): {
  accept: AcceptMessage;
  findDuplicates: FindDuplicates;
} {
  const { clock, retentionDays } = settings;
  const checkSenderRecipient = createSenderRecipientCheck(settings);
  const keyRetentionSeconds = (Math.max(retentionDays, MIN_KEY_RETENTION_DAYS) * DAY_MS) / 1_000;
  const idempotency = createIdempotency(settings, keyRetentionSeconds);
  const nextUlid = monotonicFactory();

  function prepare(keyring: Keyring, sms: AcceptRequest): Acceptance {
    const now = clock.now();
    const lane = laneOf(keyring, sms.to);
    const ulid = nextUlid(now);
    const messageId = messageIdFor(ulid, lane);
    const { from, to, content, origin, quiet, recipientPresent } = sms;
    const response = { messageId, ...countSegments(content) };
    const item = messageItem({
      ...response,
      from,
      blob: encryptBody(keyring, messageId, { to, content }),
      origin,
      ...(quiet ? { quiet } : {}),
      ...(recipientPresent ? { recipientPresent } : {}),
      attempts: 0,
      acceptedAt: new Date(now).toISOString(),
      ttl: Math.ceil((now + retentionDays * DAY_MS) / 1_000),
      status: { state: 'ACCEPTED', dueAt: new Date(now + FIRST_DUE_AFTER_MS).toISOString() },
    });
    return { keys: idempotencyKeysOf(keyring, sms), item, clientToken: ulid, response };
  }

  async function accept(request: AcceptRequest): Promise<Accepted> {
    const sms = parseRequest(request);
    const keyring = await settings.keyring();
    const acceptance = prepare(keyring, sms);
    const refusal = await checkSenderRecipient(keyring, sms).catch((error: unknown) => {
      if (error instanceof UnprocessableError) return error;
      throw error;
    });
    // A message that was accepted stays accepted, even if its contact or its number was removed since.
    const found = refusal
      ? await idempotency.findDuplicate(acceptance)
      : await idempotency.acceptOnce(acceptance);
    if (refusal && found === undefined) throw refusal;
    const { messageId, segments, encoding } = found ?? acceptance.response;
    return { messageId, duplicate: messageId !== acceptance.response.messageId, segments, encoding };
  }

  async function findDuplicates(requests: readonly AcceptRequest[]): Promise<(Accepted | undefined)[]> {
    const keyring = await settings.keyring();
    const valid = requests.flatMap((request, position) => {
      const sms = parseValidRequest(request);
      return sms ? [{ position, acceptance: prepare(keyring, sms) }] : [];
    });
    const responses = await idempotency.findDuplicates(valid.map(({ acceptance }) => acceptance));
    const byPosition = new Map(valid.map(({ position }, at) => [position, responses[at]]));
    return requests.map((_, position) => {
      const response = byPosition.get(position);
      return response && { ...response, duplicate: true };
    });
  }

  return { accept, findDuplicates };
}

/** Undefined for an invalid request. Accepting it reports what is wrong. */
function parseValidRequest(request: AcceptRequest): AcceptRequest | undefined {
  try {
    return parseRequest(request);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

/** The keys and fingerprints are keyed hashes, so that a reader of the table cannot guess a key or a content. */
function idempotencyKeysOf(
  keyring: Keyring,
  { idempotencyKey, from, to, content }: AcceptRequest,
): Acceptance['keys'] {
  const fingerprints = keyring.hashes(`sms content ${JSON.stringify([from, to, content])}`);
  const keys = keyring
    .hashes(`sms key ${idempotencyKey}`)
    .map((key, at) => ({ key, fingerprint: fingerprints[at] ?? '' }));
  return keys as [IdempotencyKey, ...IdempotencyKey[]];
}
