import { documentClient } from '../platform/aws.ts';
import { InvalidInputError } from '../platform/errors.ts';
import { createPolicy, defaultPolicy } from '../platform/resilience.ts';
import { displayName } from './agents.ts';
import { type DirectoryNumber, getNumber } from './numbers.ts';

/** Why a number reaches nobody. */
export type UnreachableReason = 'UNKNOWN' | 'UNASSIGNED' | 'QUARANTINED' | 'RESERVED' | 'BLOCKED';

/** Whom a number reaches. */
export type Transfer =
  | {
      found: true;
      agentId: string;
      agentArn: string;
      username: string;
      displayName: string;
      extension: string;
      /** `UNKNOWN` unless the agent event stream is followed. */
      agentStatus: string;
    }
  | { found: false; reason: UnreachableReason; message: string };

export type FindTransfer = (dialled: {
  /** What the caller keyed in; nothing or an empty text means the number that was called. */
  digits: string | undefined;
  calledNumber: string | undefined;
}) => Promise<Transfer>;

/**
 * Makes the lookup behind a transfer: one GetItem, inside a budget.
 *
 * @returns a function that throws {InvalidInputError} when what was dialled is no number, and
 * {UnavailableError} when DirectoryTable did not answer within the budget
 */
export function createFindTransfer(settings: { table: string; budgetMs: number }): FindTransfer {
  const directory = { client: documentClient(1), table: settings.table };
  const policy = createPolicy({
    ...defaultPolicy,
    name: 'DirectoryTable',
    budgetMs: settings.budgetMs,
    attemptMs: Math.min(defaultPolicy.attemptMs, settings.budgetMs),
  });
  return async function findTransfer({ digits, calledNumber }) {
    const number = readDialled(digits, calledNumber);
    const record = await policy.run((abortSignal) => getNumber(directory, number, { abortSignal }));
    return toTransfer(record);
  };
}

/**
 * What the caller dialled, as the directory writes it: digits without the pound and star keys and spaces that
 * come with them, or an E.164 number.
 *
 * @throws {InvalidInputError} `NOTHING_DIALLED`, `INVALID_DIGITS`, `DIGITS_TOO_LONG`
 */
export function readDialled(digits: string | undefined, calledNumber: string | undefined): string {
  if (digits === undefined || digits === '') return readCalledNumber(calledNumber);
  // A number in full may be written for people to read; keyed digits come with pound and star at most.
  const keyed = digits.replace(digits.startsWith('+') ? /[\s().-]/g : /[\s#*]/g, '');
  if (keyed === '') throw nothingDialled();
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
  if (number === '') throw nothingDialled();
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

function nothingDialled(): InvalidInputError {
  return new InvalidInputError(
    'NOTHING_DIALLED',
    'Nothing was dialled: pass what the caller keyed in as the parameter digits ($.StoredCustomerInput).',
    { field: 'digits' },
  );
}

/** E.164 allows 15 digits, and a plus. */
const LONGEST_NUMBER = 16;

function toTransfer(record: DirectoryNumber | undefined): Transfer {
  if (record?.state !== 'ASSIGNED') {
    const reason = reasonFor(record);
    return { found: false, reason, message: MESSAGES[reason] };
  }
  const { number, owner, agentStatus } = record;
  return {
    found: true,
    agentId: owner.agentId,
    agentArn: owner.arn,
    username: owner.username,
    displayName: displayName(owner),
    extension: number,
    agentStatus: agentStatus ?? 'UNKNOWN',
  };
}

function reasonFor(record: Exclude<DirectoryNumber, { state: 'ASSIGNED' }> | undefined): UnreachableReason {
  if (record === undefined) return 'UNKNOWN';
  return record.state === 'UNUSED' ? 'UNASSIGNED' : record.state;
}

const MESSAGES: Record<UnreachableReason, string> = {
  UNKNOWN: 'There is no such number in the directory.',
  UNASSIGNED: 'This number belongs to nobody at the moment.',
  QUARANTINED: 'The agent with this number has left.',
  RESERVED: 'This number is reserved and not in service yet.',
  BLOCKED: 'This number is blocked.',
};
