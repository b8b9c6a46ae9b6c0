import { importFlags, parseFlags, toolCommand, type Values, wholeNumber } from '#tools/cli/shared/flags.ts';
import { UsageError } from '#tools/cli/shared/usage.ts';
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
  const { command, rest, help } = toolCommand(argv, COMMANDS);
  if (help || command === undefined) return { name: 'help' };
  const { values, positionals } = parseFlags(rest, { ...target, ...COMMANDS[command] });
  const faults: string[] = [];
  const shared = { fresh: values.fresh === true, target: values as TargetFlags };
  const result =
    command === 'import'
      ? { name: command, ...shared, ...importFlags(values, positionals, { parallel: 32 }, faults) }
      : { name: command, ...shared, ...sweepFlags(values, positionals, faults) };
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return result;
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
