import { type Directory, importDirectNumber } from '@switchboard/core/phonebook';
import { InvalidInputError } from '@switchboard/core/platform/errors';
import { isPhoneCountry, type PhoneCountry, parsePhoneNumber } from '@switchboard/core/platform/phone';
import type { ImportCommand } from '#tools/cli/phonebook/flags.ts';
import { importWithReport } from '#tools/cli/shared/import/report.ts';
import type { WriteRow } from '#tools/cli/shared/import/run.ts';
import type { Output } from '#tools/cli/shared/output.ts';
import { numberRows, type Row } from './rows.ts';

/** `npm run phonebook -- import FILE` */
export function importCommand(
  directory: Directory,
  command: ImportCommand & { target: string },
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const { file: path, format, fresh, parallel, country, target } = command;
  const write = numberWriter(directory, country);
  return importWithReport({ path, format, fresh, parallel, target, signal, rows: numberRows, write }, output);
}

/** @param fallback the country of numbers that say none */
export function numberWriter(directory: Directory, fallback: PhoneCountry): WriteRow<Row> {
  return async function writeNumber({ phoneNumber: text, country, ...said }) {
    if (country !== undefined && !isPhoneCountry(country)) {
      throw new InvalidInputError(
        'INVALID_COUNTRY',
        'There is no such country with phone numbers. A country is two letters, as in ISO 3166 (CA).',
        { field: 'country' },
      );
    }
    const parsed = parsePhoneNumber(text, country ?? fallback);
    if (parsed.kind === 'invalid') {
      throw new InvalidInputError('INVALID_PHONE_NUMBER', parsed.reason, { field: 'phoneNumber' });
    }
    if (country !== undefined && parsed.country !== undefined && parsed.country !== country) {
      throw new InvalidInputError('WRONG_COUNTRY', `The number is one of ${parsed.country}.`, {
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
