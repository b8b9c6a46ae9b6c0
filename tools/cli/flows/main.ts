import { explain } from '#tools/cli/shared/explain.ts';
import { type Output, terminal } from '#tools/cli/shared/output.ts';
import { UsageError } from '#tools/cli/shared/usage.ts';
import { checkCommand, drawCommand, revisionCommand } from './commands.ts';

const HELP = `Usage: npm run flows -- COMMAND

  check      prove on the flows' JSON that no caller is left in silence; exits with 1 when something is wrong
  draw       draw the flows into docs/pictures, after a change
  revision   the revision of the flows and prompts, which a stack tells as its output FlowsRevision
`;

/** Runs one command and returns the exit code. */
export async function runFlows(argv: string[], output: Output = terminal): Promise<number> {
  try {
    const [name, ...tooMany] = argv;
    if (name === undefined || name === 'help' || argv.includes('--help') || argv.includes('-h')) {
      output.line(HELP);
      return name === undefined ? 1 : 0;
    }
    if (tooMany.length > 0) throw new UsageError(`"${tooMany.join(' ')}" is too much.`);
    switch (name) {
      case 'check':
        return await checkCommand(output);
      case 'draw':
        return await drawCommand(output);
      case 'revision':
        return revisionCommand(output);
      default:
        throw new UsageError(`There is no command "${name}"; there are check, draw, revision.`);
    }
  } catch (error) {
    output.error(explain(error, 'flows', () => undefined));
    return 1;
  }
}
