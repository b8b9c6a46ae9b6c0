import { type Command, Option } from 'commander';
import { UsageError } from './errors.ts';

/** The values that are wrong, by command. */
const faultsByCommand = new WeakMap<Command, string[]>();

/**
 * Adds an option whose value is parsed. The command starts only if every value is right, so that one attempt names
 * every option that is wrong.
 *
 * @param flags as commander takes them: `--limit <n>`
 * @param parse throws a UsageError with the rule: `must be a whole number from 1 to 50.`
 */
export function addParsedOption<Value>(
  command: Command,
  flags: string,
  description: string,
  parse: (text: string, previous: Value | undefined) => Value,
  fallback?: Value,
): void {
  const faults = faultsFor(command);
  const option = new Option(flags, description);
  if (fallback !== undefined) option.default(fallback);
  option.argParser<Value | undefined>((text, previous) => {
    try {
      return parse(text, previous);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      faults.push(`${option.long} ${error.message}`);
      return undefined;
    }
  });
  command.addOption(option);
}

function faultsFor(command: Command): string[] {
  const known = faultsByCommand.get(command);
  if (known) return known;
  const faults: string[] = [];
  faultsByCommand.set(command, faults);
  command.hook('preAction', () => {
    if (faults.length > 0) throw new UsageError(faults.join('\n'));
  });
  return faults;
}

/** Parses a whole number from 1 to `max`. */
export function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= max) return number;
    throw new UsageError(`must be a whole number from 1 to ${max}.`);
  };
}

/** Parses one of some words, in upper or lower case. */
export function oneOf<Value extends string>(values: readonly Value[]): (text: string) => Value {
  return (text) => {
    const found = values.find((value) => value.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    throw new UsageError(`must be one of ${values.join(', ')}.`);
  };
}

/** Collects the values of an option that may be repeated. */
export function collect(text: string, previous: string[] = []): string[] {
  return [...previous, text];
}

/** Parses the URL of an endpoint. */
export function endpointUrl(text: string): string {
  if (isUrl(text)) return text.replace(/\/+$/, '');
  throw new UsageError('must be a URL such as http://127.0.0.1:8000.');
}

export function isUrl(text: string): boolean {
  return /^https?:\/\/[^/]/.test(text) && URL.canParse(text);
}
