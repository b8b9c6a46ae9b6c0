import { explain } from '#tools/cli/shared/explain.ts';
import { exportCommand, seedCommand, statusCommand } from './commands.ts';
import { parseCommand } from './flags.ts';
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
    output.error(explain(error, 'directory', explainOwn));
    return 1;
  }
}

function explainOwn({ code, syscall, path, name }: NodeJS.ErrnoException): string | undefined {
  if (syscall !== undefined && path !== undefined) return `${path} cannot be written (${code}).`;
  if (name === 'ResourceNotFoundException') return 'There is no such table. --table names another.';
  return undefined;
}
