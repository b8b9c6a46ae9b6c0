import { displayName } from '#core/directory/agents.ts';
import { type DirectoryNumber, getNumber } from '#core/directory/numbers.ts';
import { createDirectoryPolicy } from '#core/directory/policy.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import { createFindPresence, NOTHING_KNOWN, type Presence } from '#core/presence/presence.ts';

/** Why a number reaches nobody. */
export type UnreachableReason = 'UNKNOWN' | 'UNASSIGNED' | 'QUARANTINED' | 'RESERVED' | 'BLOCKED';

/** Whom a number reaches. */
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
  /** What the caller keyed in; nothing or an empty text means the number that was called. */
  digits: string | undefined;
  calledNumber: string | undefined;
  /** The language of the call (`de`, `de-DE`), for what is told to the caller. */
  language?: string | undefined;
}) => Promise<Transfer>;

export interface TransferSettings {
  table: string;
  budgetMs: number;
  /** Whether the agent event stream is followed, so that there is a status to read. */
  followsAgents: boolean;
  /** The IANA name of the time zone in which callers are told the time. */
  timeZone: string;
}

/**
 * Makes the lookup behind a transfer: one GetItem, and a second one for the agent's status where the agent event stream
 * is followed, both inside one budget.
 *
 * @returns a function that throws {InvalidInputError} when what was dialed is no number, and
 * {UnavailableError} when DirectoryTable did not answer within the budget
 */
export function createFindTransfer(settings: TransferSettings): FindTransfer {
  const directory = { client: documentClient(1), table: settings.table };
  const policy = createDirectoryPolicy(settings.budgetMs);
  const findPresence = settings.followsAgents
    ? createFindPresence(directory, settings.timeZone)
    : async () => NOTHING_KNOWN;
  return async function findTransfer({ digits, calledNumber, language }) {
    const number = readDialed(digits, calledNumber);
    const deadline = performance.now() + settings.budgetMs;
    const record = await policy.run((abortSignal) => getNumber(directory, number, { abortSignal }));
    if (record?.state !== 'ASSIGNED') return unreachable(record);
    const presence = await findPresence(record.owner.agentId, language, deadline - performance.now());
    return { ...reached(record), ...presence };
  };
}

/**
 * What the caller dialed, as the directory writes it: digits without the pound and star keys and spaces that
 * come with them, or an E.164 number.
 *
 * @throws {InvalidInputError} `NOTHING_DIALED`, `INVALID_DIGITS`, `DIGITS_TOO_LONG`
 */
export function readDialed(digits: string | undefined, calledNumber: string | undefined): string {
  if (digits === undefined || digits === '') return readCalledNumber(calledNumber);
  // A number in full may be written for people to read; keyed digits come with pound and star at most.
  const keyed = digits.replace(digits.startsWith('+') ? /[\s().-]/g : /[\s#*]/g, '');
  if (keyed === '') throw nothingDialed();
  if (!/^\+?\d+$/.test(keyed)) {
    throw new InvalidInputError(
      'INVALID_DIGITS',
      'The parameter digits may hold digits only, as they are keyed in on a telephone (1042#).',
      { field: 'digits' },
    );
  }
  if (keyed.length > LONGEST_NUMBER) {
    throw new InvalidInputError(
      'DIGITS_TOO_LONG',
      `The parameter digits holds ${keyed.length} characters; no number has more than ${LONGEST_NUMBER}.`,
      { field: 'digits' },
    );
  }
  return keyed;
}

function readCalledNumber(calledNumber: string | undefined): string {
  const number = calledNumber?.replace(/[\s().-]/g, '') ?? '';
  if (number === '') throw nothingDialed();
  // Connect writes the numbers that callers dial in E.164, so nothing heavier is needed here.
  if (!/^\+[1-9]\d{4,14}$/.test(number)) {
    throw new InvalidInputError(
      'INVALID_NUMBER',
      'The number that was called is not in E.164 (+18005550199).',
      {
        field: 'Details.ContactData.SystemEndpoint.Address',
      },
    );
  }
  return number;
}

function nothingDialed(): InvalidInputError {
  return new InvalidInputError(
    'NOTHING_DIALED',
    'Nothing was dialed: pass what the caller keyed in as the parameter digits ($.StoredCustomerInput).',
    { field: 'digits' },
  );
}

/** E.164 allows 15 digits, and a plus. */
const LONGEST_NUMBER = 16;

function reached({ number, owner }: Extract<DirectoryNumber, { state: 'ASSIGNED' }>) {
  return {
    found: true,
    agentId: owner.agentId,
    agentArn: owner.arn,
    username: owner.username,
    displayName: displayName(owner),
    extension: number,
  } as const;
}

function unreachable(record: Exclude<DirectoryNumber, { state: 'ASSIGNED' }> | undefined): Transfer {
  const reason = reasonFor(record);
  return { found: false, reason, message: MESSAGES[reason] };
}

function reasonFor(record: Exclude<DirectoryNumber, { state: 'ASSIGNED' }> | undefined): UnreachableReason {
  if (record === undefined) return 'UNKNOWN';
  return record.state === 'UNUSED' ? 'UNASSIGNED' : record.state;
}

const MESSAGES: Record<UnreachableReason, string> = {
  UNKNOWN: 'There is no such number in the directory.',
  UNASSIGNED: 'This number belongs to nobody at the moment.',
  QUARANTINED: 'Whoever had this number has given it up.',
  RESERVED: 'This number is reserved and not in service yet.',
  BLOCKED: 'This number is blocked.',
};
