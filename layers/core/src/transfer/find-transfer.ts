import { displayName } from '#core/directory/agents.ts';
import { type DirectoryNumber, getNumber } from '#core/directory/numbers.ts';
import { createDirectoryCallPolicy } from '#core/directory/policy.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import { createFindPresence, type Presence, UNKNOWN_PRESENCE } from '#core/presence/presence.ts';

/** Why a number reaches no agent. */
export type UnreachableReason = 'UNKNOWN' | 'UNASSIGNED' | 'QUARANTINED' | 'RESERVED' | 'BLOCKED';

/** The agent that a number reaches. */
export type Transfer =
  | ({
      found: true;
      agentId: string;
      agentArn: string;
      username: string;
      displayName: string;
      extension: string;
    } & Presence)
  | { found: false; reason: UnreachableReason; message: string };

export type FindTransfer = (dialed: {
  /** The keys that the caller pressed. If empty or undefined, the called number counts. */
  digits: string | undefined;
  calledNumber: string | undefined;
  /** The language of the call (`de`, `de-DE`), for texts that the caller hears. */
  language?: string | undefined;
}) => Promise<Transfer>;

export interface TransferSettings {
  table: string;
  budgetMs: number;
  /** True when the stack reads the agent event stream, so that agents have a status. */
  presenceEnabled: boolean;
  /** The IANA name of the time zone in which callers hear times. */
  timeZone: string;
}

/**
 * Creates the lookup for a transfer: one GetItem for the number, and one for the agent's status if presence is enabled,
 * both within one budget.
 *
 * @returns a function that throws {InvalidInputError} when the caller dialed no number, and {UnavailableError} when
 * DirectoryTable does not answer within the budget
 */
export function createFindTransfer(settings: TransferSettings): FindTransfer {
  const directory = { client: documentClient(1), table: settings.table };
  const policy = createDirectoryCallPolicy(settings.budgetMs);
  const findPresence = settings.presenceEnabled
    ? createFindPresence(directory, settings.timeZone)
    : async () => UNKNOWN_PRESENCE;
  return async function findTransfer({ digits, calledNumber, language }) {
    const number = parseDialedNumber(digits, calledNumber);
    const deadline = performance.now() + settings.budgetMs;
    const record = await policy.run((abortSignal) => getNumber(directory, number, { abortSignal }));
    if (record?.state !== 'ASSIGNED') return missingTransfer(record);
    const presence = await findPresence(record.owner.agentId, language, deadline - performance.now());
    return { ...foundTransfer(record), ...presence };
  };
}

/**
 * Parses the dialed number into the directory's form: digits without pound keys, star keys, and spaces, or an E.164
 * number.
 *
 * @throws {InvalidInputError} `MISSING_DIGITS`, `INVALID_DIGITS`, `DIGITS_TOO_LONG`, `INVALID_CALLED_NUMBER`
 */
export function parseDialedNumber(digits: string | undefined, calledNumber: string | undefined): string {
  if (digits === undefined || digits === '') return parseCalledNumber(calledNumber);
  // A full number can contain punctuation. Pressed keys contain pound and star at most.
  const keyed = digits.replace(digits.startsWith('+') ? /[\s().-]/g : /[\s#*]/g, '');
  if (keyed === '') throw missingDigits();
  if (!/^\+?\d+$/.test(keyed)) {
    throw new InvalidInputError(
      'INVALID_DIGITS',
      'The parameter digits must contain only digits, as a caller presses them (1042#).',
      { field: 'digits' },
    );
  }
  if (keyed.length > MAX_NUMBER_LENGTH) {
    throw new InvalidInputError(
      'DIGITS_TOO_LONG',
      `The parameter digits has ${keyed.length} characters. A number has at most ${MAX_NUMBER_LENGTH}.`,
      { field: 'digits' },
    );
  }
  return keyed;
}

function parseCalledNumber(calledNumber: string | undefined): string {
  const number = calledNumber?.replace(/[\s().-]/g, '') ?? '';
  if (number === '') throw missingDigits();
  // Connect writes called numbers in E.164, so the phone number library is not needed.
  if (!/^\+[1-9]\d{4,14}$/.test(number)) {
    throw new InvalidInputError(
      'INVALID_CALLED_NUMBER',
      'The called number is not in E.164 (+18005550199).',
      {
        field: 'Details.ContactData.SystemEndpoint.Address',
      },
    );
  }
  return number;
}

function missingDigits(): InvalidInputError {
  return new InvalidInputError(
    'MISSING_DIGITS',
    'The caller dialed no number. Pass the pressed keys as the parameter digits ($.StoredCustomerInput).',
    { field: 'digits' },
  );
}

/** E.164 allows 15 digits and a plus sign. */
const MAX_NUMBER_LENGTH = 16;

function foundTransfer({ number, owner }: Extract<DirectoryNumber, { state: 'ASSIGNED' }>) {
  return {
    found: true,
    agentId: owner.agentId,
    agentArn: owner.arn,
    username: owner.username,
    displayName: displayName(owner),
    extension: number,
  } as const;
}

function missingTransfer(record: Exclude<DirectoryNumber, { state: 'ASSIGNED' }> | undefined): Transfer {
  const reason = reasonFor(record);
  return { found: false, reason, message: MESSAGES[reason] };
}

function reasonFor(record: Exclude<DirectoryNumber, { state: 'ASSIGNED' }> | undefined): UnreachableReason {
  if (record === undefined) return 'UNKNOWN';
  return record.state === 'UNUSED' ? 'UNASSIGNED' : record.state;
}

const MESSAGES: Record<UnreachableReason, string> = {
  UNKNOWN: 'The directory does not have this number.',
  UNASSIGNED: 'This number is not assigned to an agent.',
  QUARANTINED: 'This number was released and is in quarantine.',
  RESERVED: 'This number is reserved and not assigned yet.',
  BLOCKED: 'This number is blocked.',
};
