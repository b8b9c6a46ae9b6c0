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
import { parseInternational } from '@switchboard/core/platform/phone';
import type { Command } from 'commander';
import type { CliContext, Output } from '#tools/cli/context.ts';
import { addDeploymentOptions, type DeploymentOptions, resolveDeployment } from '#tools/cli/deployment.ts';
import { UsageError } from '#tools/cli/errors.ts';
import { type Confirm, confirmOnTerminal } from './confirm.ts';
import { createCliConnect } from './connect.ts';
import { PHONEBOOK_SETTINGS } from './options.ts';

/** The waits between requests for the status of a claim: four minutes in all. */
const STATUS_WAITS_MS = [1_000, 2_000, 4_000, 8_000, ...Array.from({ length: 15 }, () => 15_000)];

interface ClaimOptions extends DeploymentOptions {
  yes?: boolean;
  description?: string;
}

interface NumberClaim {
  /** In E.164. */
  phoneNumber: string;
  description: string | undefined;
}

export function configureClaim(command: Command, context: CliContext): void {
  command
    .description(
      'Claim a phone number for the Connect instance, and point it at the flow for direct numbers. The command asks ' +
        'for confirmation. Run it again after an interruption: it never claims a number twice.',
    )
    .argument('<number>', 'a phone number, such as +16135550150')
    .option('--yes', 'do not ask for confirmation')
    .option('--description <text>', 'description of the number in the Connect console');
  addDeploymentOptions(command, PHONEBOOK_SETTINGS);
  command.action(async (text: string, { yes = false, description, ...options }: ClaimOptions) => {
    const claim = { phoneNumber: parseNumber(text), description };
    const { instance, stack } = resolveDeployment(options, ['instance', 'stack']);
    const { createConnect = createCliConnect, confirm = confirmOnTerminal } = context;
    const confirmed: Confirm = yes ? async () => true : confirm;
    context.exitCode = await claimNumber(createConnect(instance), claim, stack, confirmed, context.output);
  });
}

function parseNumber(text: string): string {
  const parsed = parseInternational(text);
  if (parsed.kind === 'invalid') throw new UsageError(parsed.reason);
  return parsed.phoneNumber;
}

/** Skips each step that is done already. The token of a claim stays the same for a day, unless the claim failed. */
async function claimNumber(
  connect: Connect,
  claim: NumberClaim,
  stack: string,
  confirm: Confirm,
  output: Output,
): Promise<number> {
  const { phoneNumber } = claim;
  // This comes first, so that no money is spent on a number that no flow can answer.
  const flowId = await findDirectNumberFlow(connect, stack);
  const known = await findPhoneNumber(connect, phoneNumber);
  if (known !== undefined && (await getFlowOfNumber(connect, known)) === flowId) {
    output.line(`${phoneNumber} belongs to the instance, and already points at the flow for direct numbers.`);
    return 0;
  }
  const question = known === undefined ? claimQuestion(phoneNumber) : associateQuestion(phoneNumber);
  if (!(await confirm(question))) {
    output.error(known === undefined ? 'Nothing was claimed.' : 'Nothing was changed.');
    return 1;
  }
  const id = known?.id ?? (await requestClaim(connect, claim));
  await waitUntilClaimed(connect, phoneNumber, id);
  output.line(
    known === undefined ? `${phoneNumber} is claimed.` : `${phoneNumber} already belongs to the instance.`,
  );
  await associateFlow(connect, id, flowId);
  output.line('It points at the flow for direct numbers. The next sync adds it to the phonebook.');
  return 0;
}

function claimQuestion(phoneNumber: string): string {
  return (
    `${phoneNumber} will cost money from now on, by the day, until you release it.\n` +
    "It counts against the instance's quota of phone numbers. All claims and releases of 180 days together must not\n" +
    'exceed 200 % of that quota, and you may not be able to claim a released number again for up to 180 days.\n' +
    `Claim ${phoneNumber}?`
  );
}

/** The number can be a main line. */
function associateQuestion(phoneNumber: string): string {
  return (
    `${phoneNumber} already belongs to the instance, so there is nothing to claim.\n` +
    'Point it at the flow for direct numbers, wherever it points now?'
  );
}

/** @throws {ConfigurationError} `NO_FLOW` */
async function findDirectNumberFlow(connect: Connect, stack: string): Promise<string> {
  const name = formatFlowName(stack, 'extension-transfer');
  const id = await findShippedFlow(connect, name);
  if (id !== undefined) return id;
  throw new ConfigurationError(
    'NO_FLOW',
    `The instance has no flow "${name}", so nothing was claimed. Check that the stack is deployed, and --stack.`,
  );
}

/**
 * Claims the number, and once more if the claim failed. For one token, Connect returns the same claim, even a failed
 * one. It does not show whether the claim failed earlier in the day or just now, so there is only one more attempt.
 */
async function requestClaim(connect: Connect, claim: NumberClaim): Promise<string> {
  const id = await sendClaim(connect, claim);
  const { status } = (await describePhoneNumber(connect, id)) ?? {};
  return status === 'FAILED' ? sendClaim(connect, claim, id) : id;
}

async function sendClaim(connect: Connect, claim: NumberClaim, failedId?: string): Promise<string> {
  try {
    const token = clientToken(connect, claim.phoneNumber, failedId);
    return await claimPhoneNumber(connect, { ...claim, token });
  } catch (error) {
    for (const [reason, message] of Object.entries(refusalMessages(claim.phoneNumber))) {
      if (isRefused(error, reason)) throw new ConfigurationError('REFUSED', message, { cause: error });
    }
    throw error;
  }
}

/** The meaning of the errors of ClaimPhoneNumber, by name. */
function refusalMessages(phoneNumber: string): Record<string, string> {
  return {
    ResourceNotFoundException: `${phoneNumber} can no longer be claimed. To find numbers that can, run npm run phonebook -- search.`,
    ServiceQuotaExceededException:
      'The instance has reached its quota of phone numbers. Release one that you do not need, or request an increase: ' +
      'Service Quotas → Amazon Connect → Phone numbers per instance.',
    LimitExceededException:
      'Connect allows no more claims now: the instance has reached its quota of phone numbers, or the claims and releases ' +
      'of the last 180 days exceed 200 % of it. Request an increase in Service Quotas. Only AWS Support can raise the second limit.',
    IdempotencyException: `Connect already has another claim with today's token of ${phoneNumber}. Try again tomorrow.`,
  };
}

/**
 * Returns a UUID for a number and a day, so that a retry and a second run of the command are the same claim. After a
 * day, Connect lists the number as one of the instance.
 *
 * @param failedId the previous claim, if it failed. The next claim then has another token, again the same for each run.
 */
function clientToken({ instanceArn, clock }: Connect, phoneNumber: string, failedId?: string): string {
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const hex = createHash('sha256')
    .update([instanceArn, phoneNumber, day, ...(failedId === undefined ? [] : [failedId])].join(' '))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function waitUntilClaimed(connect: Connect, phoneNumber: string, id: string): Promise<void> {
  for (const wait of STATUS_WAITS_MS) {
    // Connect may not show a new claim yet. Such a claim has no status, like one that is in progress.
    const { status, message = '' } = (await describePhoneNumber(connect, id)) ?? {};
    if (status === 'CLAIMED') return;
    if (status === 'FAILED') {
      throw new ConfigurationError(
        'CLAIM_FAILED',
        `The claim of ${phoneNumber} failed: ${message.slice(0, 300) || 'Connect gives no reason.'} Choose another number. ` +
          'If the reason is a quota, request an increase in Service Quotas. You can try the same number twice a day.',
      );
    }
    await connect.wait(wait);
  }
  throw new UnavailableError(
    'STILL_IN_PROGRESS',
    `The claim of ${phoneNumber} is still in progress. To continue it, run the same command again.`,
  );
}
