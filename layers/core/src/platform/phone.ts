import {
  type CountryCode,
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/core';
import phoneMetadata from 'libphonenumber-js/min/metadata';
import { ConfigurationError, InvalidInputError } from './errors.ts';
import { normalizeText } from './normalize-text.ts';

/** A country with telephone numbers, as ISO 3166-1 alpha-2. */
export type PhoneCountry = CountryCode;

/**
 * A text that was parsed as a phone number: in E.164 (`+16135550100`), with its country if the number determines it, or
 * a reason, which is a sentence that never quotes the text. With the fault `CHARACTERS` the text does not look like a
 * phone number, so it may mean something else.
 */
export type ParsedPhoneNumber =
  | { kind: 'phone'; phoneNumber: string; country: PhoneCountry | undefined }
  | { kind: 'invalid'; reason: string; fault?: 'CHARACTERS' };

/** Longer than every notation of a phone number. */
const MAX_TEXT_LENGTH = 320;

const TOO_LONG: ParsedPhoneNumber = { kind: 'invalid', reason: 'The phone number is too long.' };

/** Digits of any script with the usual punctuation, and a tail that names an extension. */
const PHONE =
  /^(?<number>[+\uFF0B]?[\p{Nd}\s().\-\u2010-\u2015/]+?)(?:\s*(?:;ext=|[;,]?\s*(?:x|ext\.?|extension|#)\s*:?)\s*\p{Nd}{1,11})?$/iu;

/** Whether a text is the code of a country with telephone numbers, in capital letters. */
export function isPhoneCountry(country: string): country is PhoneCountry {
  return isSupportedCountry(country as CountryCode, phoneMetadata);
}

/**
 * The setting DEFAULT_COUNTRY as a country.
 *
 * @throws {ConfigurationError} when there is no such country
 */
export function defaultPhoneCountry(setting: string): PhoneCountry {
  if (isPhoneCountry(setting)) return setting;
  throw new ConfigurationError('DEFAULT_COUNTRY', 'DEFAULT_COUNTRY is not a country with telephone numbers.');
}

/**
 * Reads a phone number as people write it. The length is checked, and not whether the digits are in a range that is in
 * use today: the list of ranges becomes outdated, and then valid numbers would be rejected.
 *
 * @param country of numbers without a country code
 *
 * @example parsePhoneNumber('(415) 555-0100 x12', 'US')
 * // { kind: 'phone', phoneNumber: '+14155550100', country: 'US' }
 */
export function parsePhoneNumber(text: string, country: PhoneCountry): ParsedPhoneNumber {
  if (text.length > MAX_TEXT_LENGTH) return TOO_LONG;
  // With long runs of spaces the pattern would backtrack through every way to divide them.
  const plain = normalizeText(text).replace(/\s+/g, ' ');
  const number = PHONE.exec(plain)?.groups?.number;
  if (number === undefined) {
    const reason = /\p{L}/u.test(plain)
      ? 'A phone number has digits only, no letters.'
      : 'It is not a phone number, such as +16135550100.';
    return { kind: 'invalid', reason, fault: 'CHARACTERS' };
  }
  return parseDigits(number, country);
}

/**
 * Reads a phone number with its country code: `+16135550100`, with or without spaces and punctuation. Use it for the
 * numbers of the instance and for recipients, where a guessed country would be another person's phone.
 */
export function parseInternational(text: string): ParsedPhoneNumber {
  if (text.length > MAX_TEXT_LENGTH) return TOO_LONG;
  const parsed = parsePhoneNumber(text, 'US');
  if ((parsed.kind === 'invalid' && parsed.fault) || /^[+\uFF0B]/u.test(normalizeText(text))) return parsed;
  return invalid(
    'The phone number has no country code; write it in E.164, with a "+" and the country code, as in +16135550100.',
  );
}

/**
 * Reads a phone number with its country code from a field of a request, in E.164.
 *
 * @throws {InvalidInputError} `INVALID_PHONE_NUMBER` with the field; never quotes the text
 */
export function parseInternationalField(text: string, field: string): string {
  const parsed = parseInternational(text);
  if (parsed.kind === 'phone') return parsed.phoneNumber;
  throw new InvalidInputError('INVALID_PHONE_NUMBER', parsed.reason, { field });
}

function parseDigits(number: string, country: PhoneCountry): ParsedPhoneNumber {
  try {
    const phone = parsePhoneNumberWithError(
      number,
      { defaultCountry: country, extract: false },
      phoneMetadata,
    );
    if (phone.isPossible()) return { kind: 'phone', phoneNumber: phone.number, country: phone.country };
    return invalid(
      `The phone number has a length that its country (+${phone.countryCallingCode}) does not use.`,
    );
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return invalid(REASONS[error.message] ?? 'It is not a phone number.');
  }
}

const REASONS: Record<string, string> = {
  INVALID_COUNTRY: 'The phone number has a country code that does not exist.',
  TOO_SHORT: 'The phone number is too short.',
  TOO_LONG: 'The phone number is too long.',
};

function invalid(reason: string): ParsedPhoneNumber {
  return { kind: 'invalid', reason };
}
