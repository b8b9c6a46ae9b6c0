import { type Connect, searchAvailablePhoneNumbers } from '@switchboard/core/connect';
import { parseAreaCode } from '@switchboard/core/phonebook';
import { InvalidInputError } from '@switchboard/core/platform/errors';
import type { PhoneCountry } from '@switchboard/core/platform/phone';
import type { Command } from 'commander';
import type { CliContext, Output } from '#tools/cli/context.ts';
import { addDeploymentOptions, type DeploymentOptions, resolveDeployment } from '#tools/cli/deployment.ts';
import { CommandError, UsageError } from '#tools/cli/errors.ts';
import { addParsedOption, oneOf, wholeNumber } from '#tools/cli/options.ts';
import { createCliConnect } from './connect.ts';
import { countryCode, PHONEBOOK_SETTINGS } from './options.ts';

const TYPES = ['DID', 'TOLL_FREE'] as const;
/** The toll-free codes of North America. */
const TOLL_FREE = /^\+18(?:00|33|44|55|66|77|88)/;

interface SearchOptions extends Omit<DeploymentOptions, 'country'> {
  country?: PhoneCountry;
  type: (typeof TYPES)[number];
  limit: number;
}

interface NumberSearch {
  /** `+1613` */
  prefix: string;
  country: PhoneCountry;
  type: (typeof TYPES)[number];
  limit: number;
}

export function configureSearch(command: Command, context: CliContext): void {
  command
    .description('Search for phone numbers that can be claimed.')
    .argument('<prefix>', 'an area code (613) or the first digits of a number (+1613)');
  const country = 'country of the area code (default: the one that the area code shows, otherwise US)';
  addParsedOption(command, '--country <code>', country, countryCode);
  addParsedOption(command, '--type <type>', 'DID or TOLL_FREE', oneOf(TYPES), 'DID');
  addParsedOption(command, '--limit <n>', 'numbers to show', wholeNumber(1_000), 20);
  addDeploymentOptions(command, PHONEBOOK_SETTINGS);
  command.action(async (text: string, { country, type, limit, ...options }: SearchOptions) => {
    const search = { ...parsePrefix(text, country), type, limit };
    const { instance } = resolveDeployment(options, ['instance']);
    const { createConnect = createCliConnect } = context;
    await searchNumbers(createConnect(instance), search, context.output);
  });
}

/**
 * Parses an area code, or the first digits of a number.
 *
 * @param country undefined: the country that the area code shows, or US
 * @throws {UsageError}
 */
function parsePrefix(
  text: string,
  country: PhoneCountry | undefined,
): Pick<NumberSearch, 'prefix' | 'country'> {
  if (/^\+[1-9]\d{0,14}$/.test(text)) return { prefix: text, country: country ?? countryOf(text) };
  const assumed = country ?? 'US';
  const area = areaCodeOf(text, assumed);
  if (country !== undefined && area.country !== undefined && area.country !== country) {
    throw new UsageError(`${text} is an area code of ${area.country}, not of ${country}.`);
  }
  return { prefix: area.prefix, country: area.country ?? assumed };
}

function areaCodeOf(text: string, country: PhoneCountry): ReturnType<typeof parseAreaCode> {
  try {
    return parseAreaCode(text, country);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new UsageError(
      `"${text}" is not an area code of ${country}. Write only its digits. For another country, set --country.`,
    );
  }
}

/** Several countries share +1. Elsewhere, the calling code alone does not always show the country. */
function countryOf(prefix: string): PhoneCountry {
  const [, area] = /^\+1([2-9]\d\d)/.exec(prefix) ?? [];
  if (area === undefined) throw new UsageError(`Set --country: the country of ${prefix} is not clear.`);
  return parseAreaCode(area, 'US').country ?? 'US';
}

/** @throws {CommandError} when Connect offers no such number */
async function searchNumbers(connect: Connect, search: NumberSearch, output: Output): Promise<void> {
  const { prefix, country, type } = search;
  const found = await searchAvailablePhoneNumbers(connect, search);
  for (const number of found) output.line(number);
  if (found.length > 0) return;
  if (type === 'DID' && TOLL_FREE.test(prefix)) {
    throw new CommandError(`Numbers that begin with ${prefix} are toll-free. Add --type TOLL_FREE.`);
  }
  throw new CommandError(
    `Connect offers no number of ${country} that begins with ${prefix} (type ${type}). Try another area code. ` +
      'Some countries require documents first: see "Region requirements" in the Amazon Connect Administrator Guide.',
  );
}
