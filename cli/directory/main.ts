import { describeError, SwitchboardError } from '@switchboard/core/platform/errors';
import { exportCommand, seedCommand, statusCommand } from './commands.ts';
import { parseCommand, UsageError } from './flags.ts';
import { type Output, terminal } from './output.ts';
import { openTarget } from './target.ts';

const HELP = `Usage: npm run directory -- COMMAND [FLAGS]

  export FILE      write agent_extensions.csv: user name, names, extension, agent id ("-": to standard output)
  seed RANGE       make the pool hold the extensions of a range (1000-4999 or 0100-0199,7000-7999);
                   can be stopped at any time and goes on where it was. The next sync goes by the
                   parameter ExtensionRange again.
  sync-status      how the last sync ended, and what the pool holds

Which deployment (flag, environment variable, value of npm start):
  --endpoint URL   AWS_ENDPOINT_URL_DYNAMODB   http://127.0.0.1:8000
  --region NAME    AWS_REGION                  eu-central-1
  --table NAME     DIRECTORY_TABLE             DirectoryTable
The values of npm start are used only when the endpoint is on this machine. For AWS itself give --region and
--table; the outputs of the stack name the table.
`;

/** Runs one command and returns the exit code. */
export async function runDirectory(argv: string[], output: Output = terminal): Promise<number> {
  try {
    const command = parseCommand(argv);
    if (command.name === 'help') {
      output.line(HELP);
      return argv.length > 0 ? 0 : 1;
    }
    const directory = openTarget(command.target);
    switch (command.name) {
      case 'export':
        return await exportCommand(directory, command.file, output);
      case 'seed':
        return await seedCommand(directory, command.range, output);
      case 'sync-status':
        return await statusCommand(directory, output);
    }
  } catch (error) {
    output.error(explain(error));
    return 1;
  }
}

/** What went wrong, in words that hold nobody's data: the messages of others are not shown. */
function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nnpm run directory -- --help tells more.`;
  if (error instanceof SwitchboardError) return error.message;
  const { code, syscall, path, name } = error as NodeJS.ErrnoException;
  if (syscall !== undefined && path !== undefined) return `${path} cannot be written (${code}).`;
  if (code === 'ECONNREFUSED') {
    return 'Nobody answers at the endpoint. Is npm start running? --endpoint names another.';
  }
  if (name === 'ResourceNotFoundException') return 'There is no such table. --table names another.';
  return `It failed: ${JSON.stringify(describeError(error))}`;
}
