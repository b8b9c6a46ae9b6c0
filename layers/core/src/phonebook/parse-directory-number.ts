import { InvalidInputError } from '#core/platform/errors.ts';
import { parseInternational } from '#core/platform/phone.ts';

/**
 * A number of +1 in E.164. The phone number library checks each of the 25 countries of +1, which takes longer than the rest
 * of the request.
 */
const NORTH_AMERICAN = /^\+1[2-9]\d{9}$/;

/**
 * Parses a number into its canonical form. An extension has 2 to 9 digits. Every other number must have a country code,
 * because it could be mistaken for a number of another country, or for an extension.
 *
 * @throws {InvalidInputError} `INVALID_PHONE_NUMBER`
 */
export function parseDirectoryNumber(text: string): string {
  if (/^\d{2,9}$/.test(text) || NORTH_AMERICAN.test(text)) return text;
  const parsed = parseInternational(text);
  if (parsed.kind === 'phone') return parsed.phoneNumber;
  throw new InvalidInputError(
    'INVALID_PHONE_NUMBER',
    `phoneNumber is neither a phone number nor an extension of 2 to 9 digits. ${parsed.reason}`,
    { field: 'phoneNumber' },
  );
}
