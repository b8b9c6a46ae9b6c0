import { InvalidInputError } from '#core/platform/errors.ts';

/** A search needs this many keys. A shorter spelling cannot be searched for, so it has no row. */
export const MIN_NAME_KEYS = 3;
/** Keys beyond this many are ignored, in a search and in a spelling. */
export const MAX_NAME_KEYS = 32;

/** ITU-T E.161: the letters on the keys 2 to 9. */
const LETTERS = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];

const KEY_OF = new Map(
  LETTERS.flatMap((letters, position) => [...letters].map((letter) => [letter, String(position + 2)])),
);

/**
 * Converts a text in a to z and 0 to 9 to keys. A digit is its own key, except 0 and 1: they have no letters, and
 * callers press them for a space or by mistake.
 */
export function toKeypadKeys(ascii: string): string {
  return [...ascii].map((character) => KEY_OF.get(character) ?? character.replace(/[^2-9]/, '')).join('');
}

/**
 * Reads the keys that a caller pressed for a name. Pound keys, star keys, spaces, 0, and 1 do not count.
 *
 * @throws {InvalidInputError} `INVALID_DIGITS`, `TOO_FEW_DIGITS`
 */
export function parseNameKeys(digits: string | undefined): string {
  const pressed = (digits ?? '').replace(/[\s#*]/g, '');
  if (/\D/.test(pressed)) {
    throw invalidDigits('INVALID_DIGITS', 'must contain digits only, as a telephone sends them (685537#)');
  }
  const keys = toKeypadKeys(pressed).slice(0, MAX_NAME_KEYS);
  if (keys.length < MIN_NAME_KEYS) {
    const what = `must contain at least ${MIN_NAME_KEYS} keys from 2 to 9. Pass the caller's input`;
    throw invalidDigits('TOO_FEW_DIGITS', `${what} ($.StoredCustomerInput)`);
  }
  return keys;
}

function invalidDigits(code: string, what: string): InvalidInputError {
  return new InvalidInputError(code, `The parameter digits ${what}.`, { field: 'digits' });
}
