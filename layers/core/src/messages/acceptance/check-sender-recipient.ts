import { isKnownIdentifier } from '#core/contacts/find-contacts-by-hash.ts';
import { type Directory, getNumber, maySendTexts } from '#core/directory/index.ts';
import type { Clock } from '#core/platform/clock.ts';
import { certainly } from '#core/platform/dynamodb/retry-consistently.ts';
import { asUnavailable, UnprocessableError } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import type { AcceptRequest } from './contract.ts';

export interface PartySettings {
  /** The name of LookupTable. */
  lookup: string;
  directory: Directory;
  allowUnknownRecipients: boolean;
  clock: Pick<Clock, 'now'>;
}

/**
 * @throws {UnprocessableError} `FROM_NOT_OURS`, `RECIPIENT_UNKNOWN`
 * @throws {UnavailableError}
 */
export type CheckParties = (
  keyring: Keyring,
  sms: Pick<AcceptRequest, 'from' | 'to' | 'recipientPresent'>,
) => Promise<void>;

/** A number that may send is asked for again after this time; the dispatcher looks again before it sends. */
const TRUSTED_MS = 5_000;
/** Senders that are remembered; a deployment has some hundred numbers. */
const REMEMBERED = 1_000;

/** Makes the check of who texts whom. */
export function createCheckParties(settings: PartySettings): CheckParties {
  const { directory, clock, lookup, allowUnknownRecipients } = settings;
  const trusted = new Map<string, number>();
  const find = (number: string, consistent: boolean) =>
    asUnavailable('DirectoryTable', getNumber(directory, number, { consistent }));

  async function checkSender(from: string): Promise<void> {
    if ((trusted.get(from) ?? 0) > clock.now()) return;
    if (!(await certainly(async (consistent) => maySendTexts(await find(from, consistent))))) throw notOurs();
    if (trusted.size >= REMEMBERED) trusted.clear();
    trusted.set(from, clock.now() + TRUSTED_MS);
  }

  async function checkRecipient(keyring: Keyring, to: string): Promise<void> {
    const known = await certainly(async (consistent) => {
      const rows = isKnownIdentifier({ client: directory.client, lookup }, keyring.hashes(to), {
        consistent,
      });
      return (await asUnavailable('LookupTable', rows)) || (await find(to, consistent)) !== undefined;
    });
    if (!known) throw unknownRecipient();
  }

  return async function checkParties(keyring, { from, to, recipientPresent = false }) {
    const anybody = allowUnknownRecipients || recipientPresent;
    await Promise.all([checkSender(from), anybody ? undefined : checkRecipient(keyring, to)]);
  };
}

function notOurs(): UnprocessableError {
  return new UnprocessableError(
    'FROM_NOT_OURS',
    "fromPhoneNumber is not a number of ours that may send texts. It has to be a user's, or ring in a flow of its own; and one that was imported with sms = no may not.",
    { field: 'fromPhoneNumber' },
  );
}

function unknownRecipient(): UnprocessableError {
  return new UnprocessableError(
    'RECIPIENT_UNKNOWN',
    'toPhoneNumber is neither the number of a contact nor in the directory. Store the contact first, or deploy with AllowUnknownRecipients.',
    { field: 'toPhoneNumber' },
  );
}
