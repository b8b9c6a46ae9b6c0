import { isKnownIdentifier } from '#core/contacts/find-contacts-by-hash.ts';
import { type Directory, getNumber, maySendTexts } from '#core/directory/index.ts';
import type { Clock } from '#core/platform/clock.ts';
import { retryConsistently } from '#core/platform/dynamodb/retry-consistently.ts';
import { asUnavailable, UnprocessableError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import type { AcceptRequest } from './accept-request.ts';

export interface SenderRecipientSettings {
  /** The name of LookupTable. */
  lookup: string;
  directory: Directory;
  allowUnknownRecipients: boolean;
  clock: Pick<Clock, 'now'>;
}

/**
 * @throws {UnprocessableError} `FROM_NOT_ALLOWED`, `RECIPIENT_UNKNOWN`
 * @throws {UnavailableError}
 */
export type CheckSenderRecipient = (
  keyring: Keyring,
  sms: Pick<AcceptRequest, 'from' | 'to' | 'recipientPresent'>,
) => Promise<void>;

/** A sender that passed is checked again after this time. The dispatcher checks it again before each send. */
const SENDER_CACHE_MS = 5_000;
/** A deployment has some hundred numbers. */
const MAX_CACHED_SENDERS = 1_000;

/** Creates the check of the sender and the recipient of a message. */
export function createSenderRecipientCheck(settings: SenderRecipientSettings): CheckSenderRecipient {
  const { directory, clock, lookup, allowUnknownRecipients } = settings;
  const allowedUntil = new Map<string, number>();
  const find = (number: string, consistent: boolean) =>
    asUnavailable('DirectoryTable', getNumber(directory, number, { consistent }));

  async function checkSender(from: string): Promise<void> {
    if ((allowedUntil.get(from) ?? 0) > clock.now()) return;
    const isAllowed = await retryConsistently(async (consistent) =>
      maySendTexts(await find(from, consistent)),
    );
    if (!isAllowed) throw senderNotAllowedError();
    if (allowedUntil.size >= MAX_CACHED_SENDERS) allowedUntil.clear();
    allowedUntil.set(from, clock.now() + SENDER_CACHE_MS);
  }

  async function checkRecipient(keyring: Keyring, to: string): Promise<void> {
    const isKnown = await retryConsistently(async (consistent) => {
      const rows = isKnownIdentifier({ client: directory.client, lookup }, keyring.hashes(to), {
        consistent,
      });
      return (await asUnavailable('LookupTable', rows)) || (await find(to, consistent)) !== undefined;
    });
    if (!isKnown) throw recipientUnknownError();
  }

  return async function checkSenderRecipient(keyring, { from, to, recipientPresent = false }) {
    const skipRecipient = allowUnknownRecipients || recipientPresent;
    await Promise.all([checkSender(from), skipRecipient ? undefined : checkRecipient(keyring, to)]);
  };
}

function senderNotAllowedError(): UnprocessableError {
  return new UnprocessableError(
    'FROM_NOT_ALLOWED',
    'fromPhoneNumber is not one of your numbers that may send texts. Use the direct number of an agent, or a number with its own contact flow, that was not imported with sms = no.',
    { field: 'fromPhoneNumber' },
  );
}

function recipientUnknownError(): UnprocessableError {
  return new UnprocessableError(
    'RECIPIENT_UNKNOWN',
    'toPhoneNumber belongs to no contact and is not in the directory. Store the contact first, or deploy with AllowUnknownRecipients.',
    { field: 'toPhoneNumber' },
  );
}
