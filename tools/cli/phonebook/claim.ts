import { createHash } from 'node:crypto';
import {
  associateFlow,
  type Connect,
  claimPhoneNumber,
  describePhoneNumber,
  findPhoneNumber,
  findShippedFlow,
  getFlowOfNumber,
  isRefused,
} from '@switchboard/core/connect';
import { formatFlowName } from '@switchboard/core/flows';
import { ConfigurationError, UnavailableError } from '@switchboard/core/platform/errors';
import type { Output } from '#tools/cli/shared/output.ts';
import type { ClaimCommand } from './flags.ts';

/** Asks a person; true for yes. */
export type Confirm = (question: string) => Promise<boolean>;

/** The waits between two looks at the status of a claim: four minutes in all. */
const STATUS_WAITS_MS = [1_000, 2_000, 4_000, 8_000, ...Array.from({ length: 15 }, () => 15_000)];

/**
 * `npm run phonebook -- claim +16135550150`. What is done already is seen and not done again: a number of the instance is
 * only pointed at the flow, and the token of a claim is the same for a day, unless the claim failed.
 */
export async function claimCommand(
  connect: Connect,
  command: ClaimCommand & { stack: string },
  output: Output,
  confirm: Confirm,
): Promise<number> {
  const { phoneNumber } = command;
  // First, so that nothing is spent on a number that nobody could answer.
  const flowId = await findDirectNumberFlow(connect, command.stack);
  const known = await findPhoneNumber(connect, phoneNumber);
  if (known !== undefined && (await getFlowOfNumber(connect, known)) === flowId) {
    output.line(`${phoneNumber} belongs to the instance, and points at the flow for direct numbers already.`);
    return 0;
  }
  const question = known === undefined ? spending(phoneNumber) : pointing(phoneNumber);
  if (!command.yes && !(await confirm(question))) {
    output.error(known === undefined ? 'Nothing was claimed.' : 'Nothing was changed.');
    return 1;
  }
  const id = known?.id ?? (await claimAnew(connect, command));
  await untilClaimed(connect, phoneNumber, id);
  output.line(
    known === undefined ? `${phoneNumber} is claimed.` : `${phoneNumber} belongs to the instance already.`,
  );
  await associateFlow(connect, id, flowId);
  output.line('It points at the flow for direct numbers. The next sync takes it into the phonebook.');
  return 0;
}

/** @throws {ConfigurationError} `NO_FLOW` */
async function findDirectNumberFlow(connect: Connect, stack: string): Promise<string> {
  const name = formatFlowName(stack, 'extension-transfer');
  const id = await findShippedFlow(connect, name);
  if (id !== undefined) return id;
  throw new ConfigurationError(
    'NO_FLOW',
    `The instance has no flow "${name}", so nothing was claimed. Is the stack deployed? --stack names another one.`,
  );
}

function spending(phoneNumber: string): string {
  return (
    `${phoneNumber} will cost money from now on, by the day, until you give it back.\n` +
    "It counts against the instance's quota of phone numbers. All claims and releases of 180 days together may not\n" +
    'exceed 200 % of that quota, and a number that you give back cannot be had again for up to 180 days.\n' +
    `Claim ${phoneNumber}?`
  );
}

/** It may be a main line. */
function pointing(phoneNumber: string): string {
  return (
    `${phoneNumber} belongs to the instance already, so there is nothing to claim.\n` +
    'Point it at the flow for direct numbers, wherever it points now?'
  );
}

/**
 * Under one token Connect tells of one claim, also of one that failed: whoever asks again then wants a new one. No more
 * than that, since Connect does not tell a claim that failed earlier in the day from one that failed just now.
 */
async function claimAnew(connect: Connect, command: ClaimCommand): Promise<string> {
  const id = await claim(connect, command);
  const { status } = (await describePhoneNumber(connect, id)) ?? {};
  return status === 'FAILED' ? claim(connect, command, id) : id;
}

async function claim(
  connect: Connect,
  { phoneNumber, description }: ClaimCommand,
  failedId?: string,
): Promise<string> {
  try {
    const token = tokenOf(connect, phoneNumber, failedId);
    return await claimPhoneNumber(connect, { phoneNumber, token, description });
  } catch (error) {
    for (const [reason, message] of Object.entries(refusalsOf(phoneNumber))) {
      if (isRefused(error, reason)) throw new ConfigurationError('REFUSED', message, { cause: error });
    }
    throw error;
  }
}

/** What an error of ClaimPhoneNumber means, by its name. */
function refusalsOf(phoneNumber: string): Record<string, string> {
  return {
    ResourceNotFoundException: `${phoneNumber} cannot be claimed (any more). npm run phonebook -- search tells which can.`,
    ServiceQuotaExceededException:
      'The instance has as many phone numbers as it may have. Give one back that is not needed, or ask for more: ' +
      'Service Quotas → Amazon Connect → Phone numbers per instance.',
    LimitExceededException:
      'Connect allows no more claims now: the instance has its quota of phone numbers, or the claims and releases of ' +
      'the last 180 days exceed 200 % of it. Ask for more in Service Quotas; only AWS Support can lift the second limit.',
    IdempotencyException: `Connect has seen another claim under the token of ${phoneNumber} for today. Try again tomorrow.`,
  };
}

/**
 * A UUID for a number and a day: a claim that was sent again, by a retry or by whoever runs the command again, is the
 * same claim. After a day the number is listed as the instance's.
 *
 * @param failedId of the claim before, which failed: another claim is wanted, and the same one by whoever asks again
 */
function tokenOf({ instanceArn, clock }: Connect, phoneNumber: string, failedId?: string): string {
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const hex = createHash('sha256')
    .update([instanceArn, phoneNumber, day, ...(failedId === undefined ? [] : [failedId])].join(' '))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function untilClaimed(connect: Connect, phoneNumber: string, id: string): Promise<void> {
  for (const pause of STATUS_WAITS_MS) {
    // Connect may not show the claim of a moment ago yet. Then it has no status, as a claim that is in progress.
    const { status, message = '' } = (await describePhoneNumber(connect, id)) ?? {};
    if (status === 'CLAIMED') return;
    if (status === 'FAILED') {
      throw new ConfigurationError(
        'CLAIM_FAILED',
        `The claim of ${phoneNumber} failed: ${message.slice(0, 300) || 'Connect does not say why.'} Choose another one; ` +
          'when the reason is a quota, ask for more in Service Quotas. The same number can be tried twice a day.',
      );
    }
    await connect.wait(pause);
  }
  throw new UnavailableError(
    'STILL_IN_PROGRESS',
    `The claim of ${phoneNumber} is still in progress. The same command goes on with it.`,
  );
}
