import { InvalidInputError } from '#core/platform/errors.ts';
import { MAX_NAME_KEYS, MIN_NAME_KEYS, toKeypadKeys } from './keypad.ts';

/**
 * What the caller keyed, as spellings are written: without the pound and star keys and spaces that come with it, and
 * without 0 and 1, which have no letters.
 *
 * @throws {InvalidInputError} `INVALID_DIGITS`, `TOO_FEW_DIGITS`
 */
export function parseNameKeys(digits: string | undefined): string {
  const keyed = (digits ?? '').replace(/[\s#*]/g, '');
  if (/\D/.test(keyed)) {
    throw invalid('INVALID_DIGITS', 'may hold digits only, as they are keyed in on a telephone (685537#)');
  }
  const keys = toKeypadKeys(keyed).slice(0, MAX_NAME_KEYS);
  if (keys.length < MIN_NAME_KEYS) {
    const what = `must hold at least ${MIN_NAME_KEYS} keys that have letters, 2 to 9; pass what the caller keyed in`;
    throw invalid('TOO_FEW_DIGITS', `${what} ($.StoredCustomerInput)`);
  }
  return keys;
}

function invalid(code: string, what: string): InvalidInputError {
  return new InvalidInputError(code, `The parameter digits ${what}.`, { field: 'digits' });
}
