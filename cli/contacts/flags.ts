import { formatOf, parseFlags, type Values, wholeNumber } from '../shared/flags.ts';
import { UsageError } from '../shared/usage.ts';
import { TARGET_FLAGS, type TargetFlags } from './settings.ts';

const target = Object.fromEntries(
  Object.keys(TARGET_FLAGS).map((flag) => [flag, { type: 'string' as const }]),
);

const COMMANDS = {
  import: { format: { type: 'string' }, parallel: { type: 'string' }, fresh: { type: 'boolean' } },
  reindex: {
    segments: { type: 'string' },
    parallel: { type: 'string' },
    'max-writes-per-second': { type: 'string' },
    'dry-run': { type: 'boolean' },
    fresh: { type: 'boolean' },
  },
  'rotate-keys': {
    segments: { type: 'string' },
    parallel: { type: 'string' },
    'max-writes-per-second': { type: 'string' },
    fresh: { type: 'boolean' },
  },
} as const;

export interface ImportCommand {
  name: 'import';
  file: string;
  format: 'csv' | 'ndjson';
  parallel: number;
  fresh: boolean;
  target: TargetFlags;
}

export interface SweepCommand {
  name: 'reindex' | 'rotate-keys';
  segments: number | undefined;
  parallel: number;
  maxWritesPerSecond: number | undefined;
  dryRun: boolean;
  fresh: boolean;
  target: TargetFlags;
}

export type Command = { name: 'help' } | ImportCommand | SweepCommand;

/**
 * Reads the command line.
 *
 * @throws {UsageError} lists every flag that is wrong
 */
export function parseCommand(argv: string[]): Command {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || argv.includes('--help') || argv.includes('-h'))
    return { name: 'help' };
  if (!Object.hasOwn(COMMANDS, name)) {
    throw new UsageError(`There is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}.`);
  }
  const command = name as keyof typeof COMMANDS;
  const { values, positionals } = parseFlags(rest, { ...target, ...COMMANDS[command] });
  const faults: string[] = [];
  const shared = { fresh: values.fresh === true, target: values as TargetFlags };
  const result =
    command === 'import'
      ? { name: command, ...shared, ...importFlags(values, positionals, faults) }
      : { name: command, ...shared, ...sweepFlags(values, positionals, faults) };
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return result;
}

function importFlags(values: Values, positionals: string[], faults: string[]) {
  const [file = '', more] = positionals;
  if (file === '') faults.push('import needs a FILE.');
  if (more !== undefined) faults.push('import takes one FILE at a time.');
  return {
    file,
    format: formatOf(file, values.format, faults),
    parallel: wholeNumber(values, 'parallel', 32, 50, faults),
  };
}

function sweepFlags(values: Values, positionals: string[], faults: string[]) {
  if (positionals.length > 0) faults.push('This command takes flags only.');
  return {
    segments: values.segments === undefined ? undefined : wholeNumber(values, 'segments', 0, 10_000, faults),
    parallel: wholeNumber(values, 'parallel', 4, 64, faults),
    maxWritesPerSecond:
      values['max-writes-per-second'] === undefined
        ? undefined
        : wholeNumber(values, 'max-writes-per-second', 0, 1_000_000, faults),
    dryRun: values['dry-run'] === true,
  };
}
