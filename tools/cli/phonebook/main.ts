import type { Connect } from '@switchboard/core/connect';
import { createDirectory, createPhonebook, type Directory } from '@switchboard/core/phonebook';
import { explain } from '#tools/cli/shared/explain.ts';
import { explainFile } from '#tools/cli/shared/import/report.ts';
import { type Output, terminal } from '#tools/cli/shared/output.ts';
import { blockCommand } from './block.ts';
import { type Confirm, claimCommand } from './claim.ts';
import { confirmOnTerminal } from './confirm.ts';
import { connectTo } from './connect.ts';
import { parseCommand } from './flags.ts';
import { helpOf } from './help.ts';
import { importCommand } from './import/command.ts';
import { listCommand } from './list.ts';
import { searchCommand } from './search.ts';
import { settlePhonebookTarget } from './target.ts';

/** What a test puts in place of a person and of time. */
export interface PhonebookTools {
  output: Output;
  confirm: Confirm;
  connect: (instanceArn: string) => Connect;
}

/**
 * Runs one command.
 *
 * @param stopped is called by a command that can be stopped, and then goes on where it was: an import
 * @returns the exit code
 */
export async function runPhonebook(
  argv: string[],
  stopped: () => AbortSignal,
  tools: Partial<PhonebookTools> = {},
): Promise<number> {
  const { output = terminal, confirm = confirmOnTerminal, connect = connectTo } = tools;
  try {
    const command = parseCommand(argv);
    switch (command.name) {
      case 'help':
        output.line(helpOf(command.about));
        return argv.length > 0 ? 0 : 1;
      case 'search': {
        const { instance } = settlePhonebookTarget(command.flags, ['instance']);
        return await searchCommand(connect(instance), command, output);
      }
      case 'claim': {
        const { instance, stack } = settlePhonebookTarget(command.flags, ['instance', 'stack']);
        return await claimCommand(connect(instance), { ...command, stack }, output, confirm);
      }
      case 'import': {
        const { table } = settlePhonebookTarget(command.flags, ['table']);
        const target = JSON.stringify([process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '', table, command.country]);
        return await importCommand(createDirectory(table), { ...command, target }, output, stopped());
      }
      case 'block':
      case 'unblock': {
        const { table } = settlePhonebookTarget(command.flags, ['table']);
        return await blockCommand(createDirectory(table), command, output);
      }
      case 'list': {
        const { table } = settlePhonebookTarget(command.flags, ['table']);
        return await listCommand(phonebookIn(createDirectory(table)), command, output);
      }
    }
  } catch (error) {
    output.error(explain(error, 'phonebook', explainOwn));
    return 1;
  }
}

/** To read from: reservations and quarantines are no business of these tools. */
function phonebookIn(directory: Directory) {
  return createPhonebook({ directory, reservationMs: 0, quarantineDays: 0 });
}

function explainOwn(error: NodeJS.ErrnoException): string | undefined {
  if (error.name === 'ResourceNotFoundException') return 'There is no such table. --table names another.';
  return explainFile(error);
}
