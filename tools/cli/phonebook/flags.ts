import { type NumberState, parseAreaCode, parseDirectoryNumber } from '@switchboard/core/phonebook';
import { InvalidInputError } from '@switchboard/core/platform/errors';
import { isPhoneCountry, type PhoneCountry, parseInternational } from '@switchboard/core/platform/phone';
import { importFlags, parseFlags, toolCommand, type Values, wholeNumber } from '#tools/cli/shared/flags.ts';
import { UsageError } from '#tools/cli/shared/usage.ts';
import { TARGET_FLAGS, type TargetFlags } from './target.ts';

export interface SearchCommand {
  name: 'search';
  /** `+1613` */
  prefix: string;
  country: PhoneCountry;
  type: 'DID' | 'TOLL_FREE';
  limit: number;
}

export interface ClaimCommand {
  name: 'claim';
  /** E.164. */
  phoneNumber: string;
  yes: boolean;
  description?: string;
}

export interface ImportCommand {
  name: 'import';
  file: string;
  format: 'csv' | 'ndjson';
  country: PhoneCountry;
  parallel: number;
  fresh: boolean;
}

export interface BlockCommand {
  name: 'block' | 'unblock';
  /** Of either pool, canonical. */
  phoneNumber: string;
}

export interface ListCommand {
  name: 'list';
  state: NumberState | undefined;
  pool: 'direct' | 'extension';
  limit: number;
}

export type Command =
  | { name: 'help'; about: CommandName | undefined }
  | ((SearchCommand | ClaimCommand | ImportCommand | BlockCommand | ListCommand) & { flags: TargetFlags });

export const STATES: readonly NumberState[] = ['UNUSED', 'RESERVED', 'ASSIGNED', 'QUARANTINED', 'BLOCKED'];

const text = { type: 'string' } as const;
const target = Object.fromEntries(Object.keys(TARGET_FLAGS).map((flag) => [flag, text]));

const COMMANDS = {
  search: { country: text, type: text, limit: text },
  claim: { yes: { type: 'boolean' }, description: text },
  import: { country: text, format: text, parallel: text, fresh: { type: 'boolean' } },
  block: {},
  unblock: {},
  list: { state: text, pool: text, limit: text },
} as const;

export type CommandName = keyof typeof COMMANDS;

/**
 * Reads the command line.
 *
 * @throws {UsageError} lists every flag that is wrong
 */
export function parseCommand(argv: string[]): Command {
  const { command, rest, help } = toolCommand(argv, COMMANDS);
  if (help || command === undefined) return { name: 'help', about: command };
  const { values, positionals } = parseFlags(rest, { ...target, ...COMMANDS[command] });
  const faults: string[] = [];
  const result = READERS[command](values, positionals, faults);
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return { ...result, flags: values as TargetFlags };
}

const READERS = {
  search(values: Values, positionals: string[], faults: string[]): SearchCommand {
    const what = one(
      positionals,
      'search needs an area code, such as 613, or a beginning, such as +1613.',
      faults,
    );
    return {
      name: 'search',
      ...areaOf(what, values, faults),
      type: choice(values, 'type', ['DID', 'TOLL_FREE'], 'DID', faults),
      limit: wholeNumber(values, 'limit', 20, 1_000, faults),
    };
  },
  claim(values: Values, positionals: string[], faults: string[]): ClaimCommand {
    const what = one(positionals, 'claim needs a phone number, such as +16135550150.', faults);
    const number = parseInternational(what);
    if (number.kind === 'invalid' && what !== '') faults.push(number.reason);
    return {
      name: 'claim',
      phoneNumber: number.kind === 'phone' ? number.phoneNumber : '',
      yes: values.yes === true,
      ...(typeof values.description === 'string' ? { description: values.description } : {}),
    };
  },
  import(values: Values, positionals: string[], faults: string[]): ImportCommand {
    return {
      ...{ name: 'import', country: countryOf(values, faults) },
      ...importFlags(values, positionals, { parallel: 16 }, faults),
    };
  },
  block: (_: Values, positionals: string[], faults: string[]) => blockOf('block', positionals, faults),
  unblock: (_: Values, positionals: string[], faults: string[]) => blockOf('unblock', positionals, faults),
  list(values: Values, positionals: string[], faults: string[]): ListCommand {
    if (positionals.length > 0) faults.push('list takes flags only.');
    return {
      name: 'list',
      state: values.state === undefined ? undefined : choice(values, 'state', STATES, 'UNUSED', faults),
      pool: choice(values, 'pool', ['direct', 'extension'], 'direct', faults),
      limit: wholeNumber(values, 'limit', 1_000, 1_000_000, faults),
    };
  },
};

function one([what = '', more]: string[], missing: string, faults: string[]): string {
  if (what === '') faults.push(missing);
  if (more !== undefined) faults.push(`"${more}" is too much.`);
  return what;
}

function blockOf(name: BlockCommand['name'], positionals: string[], faults: string[]): BlockCommand {
  const what = one(positionals, `${name} needs a number, such as +16135550150 or 1042.`, faults);
  try {
    return { name, phoneNumber: what === '' ? '' : parseDirectoryNumber(what) };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    faults.push(error.message);
    return { name, phoneNumber: '' };
  }
}

function countryOf({ country = 'US' }: Values, faults: string[]): PhoneCountry {
  const code = String(country).toUpperCase();
  if (isPhoneCountry(code)) return code;
  faults.push('--country must be two letters, as in ISO 3166 (CA).');
  return 'US';
}

/** A beginning in full, or an area code, which also tells the country where nobody says it. */
function areaOf(what: string, values: Values, faults: string[]): Pick<SearchCommand, 'prefix' | 'country'> {
  const country = countryOf(values, faults);
  if (what === '') return { prefix: what, country };
  if (/^\+[1-9]\d{0,14}$/.test(what)) return beginningOf(what, values, country, faults);
  try {
    const area = parseAreaCode(what, country);
    if (values.country !== undefined && area.country !== undefined && area.country !== country) {
      faults.push(`${what} is an area code of ${area.country}, not of ${country}.`);
    }
    return { prefix: area.prefix, country: area.country ?? country };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    faults.push(
      `"${what}" is no area code of ${country}. Write its digits alone; --country names another country.`,
    );
    return { prefix: what, country };
  }
}

function beginningOf(
  prefix: string,
  values: Values,
  country: PhoneCountry,
  faults: string[],
): Pick<SearchCommand, 'prefix' | 'country'> {
  if (values.country !== undefined) return { prefix, country };
  // Several countries share +1; elsewhere the calling code alone does not always tell.
  const [, area] = /^\+1([2-9]\d\d)/.exec(prefix) ?? [];
  if (area === undefined) faults.push(`--country is needed: of which country is ${prefix}?`);
  return { prefix, country: (area && parseAreaCode(area, 'US').country) || country };
}

function choice<Value extends string>(
  values: Values,
  flag: string,
  among: readonly Value[],
  fallback: Value,
  faults: string[],
): Value {
  const text = values[flag];
  if (text === undefined) return fallback;
  const found = among.find((value) => value.toLowerCase() === String(text).toLowerCase());
  if (found === undefined) faults.push(`--${flag} must be one of ${among.join(', ')}.`);
  return found ?? fallback;
}
