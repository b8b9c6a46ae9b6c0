import { blockNumber, parseDirectoryNumber, unblockNumber } from '@switchboard/core/phonebook';
import { InvalidInputError } from '@switchboard/core/platform/errors';
import type { Command } from 'commander';
import type { CliContext } from '#tools/cli/context.ts';
import { addDeploymentOptions, type DeploymentOptions } from '#tools/cli/deployment.ts';
import { UsageError } from '#tools/cli/errors.ts';
import { PHONEBOOK_SETTINGS, phonebookDirectory } from './options.ts';

const NUMBER = 'a phone number (+16135550150) or an extension (1042)';

export function configureBlock(command: Command, { output }: CliContext): void {
  command
    .description(
      'Take a number out of service. It is not assigned to anyone until you unblock it. Release a number that a user has first.',
    )
    .argument('<number>', NUMBER);
  addDeploymentOptions(command, PHONEBOOK_SETTINGS);
  command.action(async (text: string, options: DeploymentOptions) => {
    const number = parseNumber(text);
    const record = await blockNumber(phonebookDirectory(options), number);
    output.line(describeNumber(number, record));
  });
}

export function configureUnblock(command: Command, { output }: CliContext): void {
  command
    .description(
      'Take a blocked number back into service. It is unused, or in the rest of its quarantine. For a number of the ' +
        'instance, the next sync decides.',
    )
    .argument('<number>', NUMBER);
  addDeploymentOptions(command, PHONEBOOK_SETTINGS);
  command.action(async (text: string, options: DeploymentOptions) => {
    const number = parseNumber(text);
    const record = await unblockNumber(phonebookDirectory(options), number, Date.now());
    output.line(describeNumber(number, record));
    if (record.state === 'BLOCKED') {
      output.line('The next sync decides its state, depending on the flow that answers it.');
    }
  });
}

function parseNumber(text: string): string {
  try {
    return parseDirectoryNumber(text);
  } catch (error) {
    if (error instanceof InvalidInputError) throw new UsageError(error.message);
    throw error;
  }
}

function describeNumber(number: string, record: { state: string; reason?: string }): string {
  return `${number} is ${record.state}${record.reason === undefined ? '' : ` (${record.reason})`}.`;
}
