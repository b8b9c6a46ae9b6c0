import { InvalidInputError } from '#core/platform/errors.ts';
import { parseInternational } from '#core/platform/phone.ts';

/**
 * A number of +1 that is in E.164 already. The library asks each of its 25 countries whether it is theirs, which takes
 * longer than all else that finding a number does.
 */
const NORTH_AMERICAN = /^\+1[2-9]\d{9}$/;

/**
 * A number of the directory in its canonical form: an extension is 2 to 9 digits, everything else brings its country
 * code. A direct number without one would be taken for another country's, or for an extension.
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
