import { type Directory, importDirectNumber } from '@switchboard/core/phonebook';
import { InvalidInputError } from '@switchboard/core/platform/errors';
import { isPhoneCountry, type PhoneCountry, parsePhoneNumber } from '@switchboard/core/platform/phone';
import type { Command } from 'commander';
import type { CliContext } from '#tools/cli/context.ts';
import { addDeploymentOptions, type DeploymentOptions } from '#tools/cli/deployment.ts';
import { importAndReport } from '#tools/cli/import/import-and-report.ts';
import type { WriteRow } from '#tools/cli/import/import-file.ts';
import { addImportOptions, formatOf, type ImportOptions } from '#tools/cli/import/import-options.ts';
import { addParsedOption } from '#tools/cli/options.ts';
import { type NumberRow, numberRows } from './number-rows.ts';
import { countryCode, PHONEBOOK_SETTINGS, phonebookDirectory } from './options.ts';

interface NumbersImportOptions extends ImportOptions, Omit<DeploymentOptions, 'country'> {
  country: PhoneCountry;
}

export function configureNumbersImport(command: Command, context: CliContext): void {
  command.description(
    'Add the direct numbers of a file to the phonebook. The same command resumes an interrupted run. The columns are in docs/phonebook.md.',
  );
  addImportOptions(command, 16);
  const country = 'country of numbers without a country code';
  addParsedOption(command, '--country <code>', country, countryCode, 'US');
  addDeploymentOptions(command, PHONEBOOK_SETTINGS);
  command.action(async (path: string, { country, ...options }: NumbersImportOptions) => {
    const { format = formatOf(path), fresh = false, concurrency } = options;
    const signal = context.stopSignal();
    const directory = phonebookDirectory(options);
    const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '';
    context.exitCode = await importAndReport(
      {
        ...{ path, format, fresh, concurrency, signal },
        target: JSON.stringify([endpoint, directory.table, country]),
        rows: numberRows,
        write: createNumberWriter(directory, country),
      },
      context.output,
    );
  });
}

/** @param fallback the country of numbers without a country code */
export function createNumberWriter(directory: Directory, fallback: PhoneCountry): WriteRow<NumberRow> {
  return async function writeNumber({ phoneNumber: text, country, ...said }) {
    if (country !== undefined && !isPhoneCountry(country)) {
      throw new InvalidInputError(
        'INVALID_COUNTRY',
        'The country is not known. It must be two letters, as in ISO 3166 (CA).',
        { field: 'country' },
      );
    }
    const parsed = parsePhoneNumber(text, country ?? fallback);
    if (parsed.kind === 'invalid') {
      throw new InvalidInputError('INVALID_PHONE_NUMBER', parsed.reason, { field: 'phoneNumber' });
    }
    if (country !== undefined && parsed.country !== undefined && parsed.country !== country) {
      throw new InvalidInputError('WRONG_COUNTRY', `The number belongs to ${parsed.country}.`, {
        field: 'country',
      });
    }
    const known = country ?? parsed.country;
    return importDirectNumber(directory, {
      phoneNumber: parsed.phoneNumber,
      ...said,
      ...(known === undefined ? {} : { country: known }),
    });
  };
}
