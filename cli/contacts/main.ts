import { describeError, SwitchboardError } from '@switchboard/core/platform/errors';
import { parseCommand, UsageError } from './flags.ts';
import { HELP } from './help.ts';
import { importCommand } from './import/command.ts';
import { FileError } from './import/rows.ts';
import { type Output, terminal } from './output.ts';
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
    output.error(explain(error));
    return 1;
  }
}

/** What went wrong, in words that hold nobody's data: the messages of others are not shown. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nnpm run contacts -- --help tells more.`;
  if (error instanceof SwitchboardError || error instanceof FileError) return error.message;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (syscall !== undefined && path !== undefined) {
    return code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be used (${code}).`;
  }
  if (code === 'ECONNREFUSED')
    return 'Nobody answers at the endpoint. Is npm start running? --endpoint names another.';
  return `It failed: ${JSON.stringify(describeError(error))}`;
}
