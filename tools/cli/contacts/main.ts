import { explain } from '#tools/cli/shared/explain.ts';
import { explainFile } from '#tools/cli/shared/import/report.ts';
import { type Output, terminal } from '#tools/cli/shared/output.ts';
import { parseCommand } from './flags.ts';
import { HELP } from './help.ts';
import { importCommand } from './import/command.ts';
import { reindexCommand, rotateCommand } from './sweep-commands.ts';

/**
 * Runs one command.
 *
 * @param signal ends it early, at a place from which it goes on
 * @returns the exit code
 */
export async function runContacts(
  argv: string[],
  signal: AbortSignal,
  output: Output = terminal,
): Promise<number> {
  try {
    const command = parseCommand(argv);
    switch (command.name) {
      case 'help':
        output.line(HELP);
        return argv.length > 0 ? 0 : 1;
      case 'import':
        return await importCommand(command, output, signal);
      case 'reindex':
        return await reindexCommand(command, output, signal);
      case 'rotate-keys':
        return await rotateCommand(command, output, signal);
    }
  } catch (error) {
    output.error(explain(error, 'contacts', explainFile));
    return 1;
  }
}
