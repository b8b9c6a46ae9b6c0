import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { UsageError } from './usage.ts';

/** What stands behind the flags of a command line. */
export type Values = Record<string, string | boolean | undefined>;

/**
 * Takes a command line apart.
 *
 * @throws {UsageError} when a flag is not known, or lacks its value
 */
export function parseFlags(
  args: string[],
  options: ParseArgsOptionsConfig,
): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true }) as ReturnType<
      typeof parseFlags
    >;
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * The command of a tool, which stands first, and what stands behind it.
 *
 * @param commands by their names
 * @returns no command when none was typed, or only help was asked for
 * @throws {UsageError} when there is no such command
 */
export function toolCommand<Name extends string>(
  argv: readonly string[],
  commands: Readonly<Record<Name, unknown>>,
): { command: Name | undefined; rest: string[]; help: boolean } {
  const [name, ...rest] = argv;
  const help = name === undefined || name === 'help' || argv.includes('--help') || argv.includes('-h');
  if (name !== undefined && Object.hasOwn(commands, name)) return { command: name as Name, rest, help };
  if (help) return { command: undefined, rest, help };
  const known = Object.keys(commands).join(', ');
  if (name?.startsWith('-'))
    throw new UsageError(`The command comes first, then its flags: one of ${known}.`);
  throw new UsageError(`There is no command "${name}"; there are ${known}.`);
}

/** The flags of an import from a file; what is wrong is added to the faults. */
export function importFlags(
  values: Values,
  [file = '', more]: string[],
  usual: { parallel: number },
  faults: string[],
) {
  if (file === '') faults.push('import needs a FILE.');
  if (more !== undefined) faults.push('import takes one FILE at a time.');
  return {
    file,
    format: formatOf(file, values.format, faults),
    parallel: wholeNumber(values, 'parallel', usual.parallel, 50, faults),
    fresh: values.fresh === true,
  };
}

/** A flag that takes a whole number from 1; what is wrong is added to the faults. */
export function wholeNumber(
  values: Values,
  flag: string,
  fallback: number,
  most: number,
  faults: string[],
): number {
  const text = values[flag];
  if (text === undefined) return fallback;
  const number = typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) faults.push(`--${flag} must be a whole number from 1 to ${most}.`);
  return number;
}

/** The format of a file, by its name or as it is said; what is wrong is added to the faults. */
function formatOf(file: string, said: string | boolean | undefined, faults: string[]): 'csv' | 'ndjson' {
  const format = said ?? formatByName(file);
  if (file !== '' && format !== 'csv' && format !== 'ndjson') {
    faults.push(
      said === undefined
        ? 'The name of FILE does not tell its format: add --format csv or --format ndjson.'
        : '--format must be csv or ndjson.',
    );
  }
  return format as 'csv' | 'ndjson';
}

/** The file of rejected rows has the format of the file it came from. */
function formatByName(file: string): string | undefined {
  const extension = /\.([a-z]+)(?:\.rejected)*$/i.exec(file)?.[1]?.toLowerCase() ?? '';
  return { csv: 'csv', ndjson: 'ndjson', jsonl: 'ndjson' }[extension];
}
