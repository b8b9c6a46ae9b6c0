import { Command, CommanderError } from 'commander';
import { type CliContext, createContext } from './context.ts';
import { describeFailure, UsageError } from './errors.ts';

/** Gives a command its arguments, options, and action. */
export type ConfigureCommand<Context extends CliContext = CliContext> = (
  command: Command,
  context: Context,
) => void;

/** Loads the module of a command when the command is used, so that no command waits for the modules of another. */
type LoadCommand = () => Promise<ConfigureCommand>;

interface TopLevelCommand {
  description: string;
  /** The exit code of a wrong command line. It is 1 where 2 has another meaning. */
  usageExitCode: 1 | 2;
  exitCodes: string;
  load?: LoadCommand;
  subcommands?: Readonly<Record<string, LoadCommand>>;
}

const COMMANDS: Readonly<Record<string, TopLevelCommand>> = {
  contacts: {
    description: 'Import contacts, rebuild their index, and rotate their keys.',
    usageExitCode: 1,
    exitCodes: '0 done; 2 done, but some rows or contacts were left out; 1 failed or stopped.',
    subcommands: {
      import: async () => (await import('./contacts/import.ts')).configureContactsImport,
      reindex: async () => (await import('./contacts/reindex.ts')).configureReindex,
      'rotate-keys': async () => (await import('./contacts/rotate-keys.ts')).configureRotateKeys,
    },
  },
  directory: {
    description: 'Export agents and their extensions, seed the extension pool, and show the last sync.',
    usageExitCode: 2,
    exitCodes: '0 done; 1 failed; 2 the command line is wrong.',
    subcommands: {
      export: async () => (await import('./directory/export.ts')).configureExport,
      seed: async () => (await import('./directory/seed.ts')).configureSeed,
      'sync-status': async () => (await import('./directory/sync-status.ts')).configureSyncStatus,
    },
  },
  phonebook: {
    description: 'Search, claim, import, block, and list phone numbers.',
    usageExitCode: 1,
    exitCodes: '0 done; 2 done, but some rows were left out; 1 failed, stopped, or not confirmed.',
    subcommands: {
      search: async () => (await import('./phonebook/search.ts')).configureSearch,
      claim: async () => (await import('./phonebook/claim.ts')).configureClaim,
      import: async () => (await import('./phonebook/import.ts')).configureNumbersImport,
      block: async () => (await import('./phonebook/block.ts')).configureBlock,
      unblock: async () => (await import('./phonebook/block.ts')).configureUnblock,
      list: async () => (await import('./phonebook/list.ts')).configureList,
    },
  },
  flows: {
    description: 'Check and draw the contact flows in flows/.',
    usageExitCode: 2,
    exitCodes: '0 done; 1 a flow is wrong; 2 the command line is wrong.',
    subcommands: {
      check: flowCommand(async () => (await import('./flows/check.ts')).configureCheck),
      draw: flowCommand(async () => (await import('./flows/draw.ts')).configureDraw),
      revision: flowCommand(async () => (await import('./flows/revision.ts')).configureRevision),
    },
  },
  call: {
    description: 'Call a number of the local stack, play its flow, and print what the caller hears.',
    usageExitCode: 2,
    exitCodes:
      '0 the call ended in a queue, with an agent, or after a goodbye; 1 it did not; 2 the command line is wrong.',
    load: async () => (await import('./call.ts')).configureCall,
  },
  restore: {
    description: 'Make a table of the stack hold what a restored copy of it holds.',
    usageExitCode: 2,
    exitCodes: '0 done; 1 failed; 2 the command line is wrong.',
    load: async () => (await import('./restore.ts')).configureRestore,
  },
};

/**
 * Runs one command.
 *
 * @param argv what follows `npm run`: `['contacts', 'import', 'contacts.csv']`
 * @returns the exit code
 */
export async function runCli(argv: readonly string[], overrides: Partial<CliContext> = {}): Promise<number> {
  const context = createContext(overrides);
  const args = normalizeHelp(argv);
  const program = await createProgram(args, context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.message === '(outputHelp)') return error.exitCode;
    const usage = error instanceof UsageError || error instanceof CommanderError;
    const message = usage ? error.message.replace(/^error: /, '') : describeFailure(error);
    context.output.error(`error: ${message}`);
    if (!usage) return 1;
    context.output.error(`For help, run: ${usageOf(findCommand(program, args))} --help`);
    return COMMANDS[args[0] ?? '']?.usageExitCode ?? 2;
  }
}

async function createProgram(args: readonly string[], context: CliContext): Promise<Command> {
  const program = new Command('npm run');
  program.description('The command line of Switchboard.').helpCommand(false).exitOverride();
  program.configureHelp({ helpWidth: 110, commandUsage, sortSubcommands: false });
  program.configureOutput({
    writeOut: (text) => context.output.line(text.trimEnd()),
    writeErr: (text) => context.output.error(text.trimEnd()),
    outputError: () => undefined,
  });
  for (const [name, definition] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(definition.description);
    command.helpCommand(false).addHelpText('afterAll', `\nExit codes: ${definition.exitCodes}`);
    if (definition.load) loadOnUse(program, command, definition.load, context);
    const { subcommands = {} } = definition;
    for (const [subcommand, load] of Object.entries(subcommands)) {
      loadOnUse(command, command.command(subcommand), load, context);
    }
    // The help of a group shows the arguments and descriptions of all its commands.
    if (args[0] === name && args.slice(1).every((arg) => arg === '--help' || arg === '-h')) {
      for (const [subcommand, load] of Object.entries(subcommands)) {
        const found = command.commands.find((one) => one.name() === subcommand);
        if (found) (await load())(found, context);
      }
    }
  }
  return program;
}

function loadOnUse(parent: Command, command: Command, load: LoadCommand, context: CliContext): void {
  parent.hook('preSubcommand', async (_, used) => {
    if (used === command) (await load())(command, context);
  });
}

/** Flows are loaded as modules, so that a file that is missing or is not JSON must be found before. */
function flowCommand(load: LoadCommand): LoadCommand {
  return async () => (await import('./flows/flow-files.ts')).loadWithFlows(load);
}

/** `contacts help import` means `contacts import --help`. */
function normalizeHelp(argv: readonly string[]): string[] {
  const at = argv.slice(0, 2).indexOf('help');
  return at < 0 ? [...argv] : [...argv.toSpliced(at, 1), '--help'];
}

function findCommand(program: Command, args: readonly string[]): Command {
  const command = program.commands.find((one) => one.name() === args[0]);
  return command?.commands.find((one) => one.name() === args[1]) ?? command ?? program;
}

function commandUsage(command: Command): string {
  const rest = command.commands.length > 0 ? '<command> [options]' : command.usage();
  return `${usageOf(command)} ${rest}`;
}

/** `npm run contacts -- import` */
function usageOf(command: Command): string {
  const names: string[] = [];
  for (let one: Command | null = command; one; one = one.parent) names.unshift(one.name());
  const [program = '', name, ...rest] = names;
  return name === undefined ? program : [program, name, '--', ...rest].join(' ');
}
