import * as v from 'valibot';
import { parseAreaCode } from '#core/phonebook/index.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import { isPhoneCountry, type PhoneCountry } from '#core/platform/phone.ts';
import { parseBody } from '#core/platform/validate.ts';

const COUNT_RULE = 'must be a whole number from 1 to 20';

/** The body of POST /phonebook/reserve. */
const reserveBody = v.object({
  areaCode: v.optional(
    v.union([v.string(), v.number()], 'must be the digits of an area code, such as 613 or "613"'),
  ),
  country: v.optional(v.string('must be a string')),
  pool: v.optional(v.literal('extension', 'must be "extension"; direct numbers are reserved by areaCode')),
  count: v.optional(
    v.pipe(
      v.number(COUNT_RULE),
      v.integer(COUNT_RULE),
      v.minValue(1, COUNT_RULE),
      v.maxValue(20, COUNT_RULE),
    ),
    5,
  ),
});

/** A request for extensions, or for direct numbers that begin with a prefix such as `+1613`. */
export type ReserveInput = ({ pool: 'extension' } | { pool: 'direct'; prefix: string }) & {
  count: number;
};

/**
 * Parses the body of POST /phonebook/reserve.
 *
 * @param defaultCountry the country of an area code that is sent without a country
 * @throws {InvalidInputError} with the name of the invalid field
 */
export function parseReserveBody(input: unknown, defaultCountry: PhoneCountry): ReserveInput {
  const { areaCode, country, pool, count } = parseBody(reserveBody, input);
  if (pool !== undefined) {
    if (areaCode === undefined && country === undefined) return { pool, count };
    const field = areaCode === undefined ? 'country' : 'areaCode';
    throw invalidInput('INVALID_BODY', `Send either pool or ${field}: extensions have no area.`, field);
  }
  if (areaCode === undefined) {
    throw invalidInput(
      'INVALID_BODY',
      'areaCode is missing. Send areaCode, or "pool": "extension".',
      'areaCode',
    );
  }
  if (country === undefined) {
    return { pool: 'direct', prefix: parseAreaCode(String(areaCode), defaultCountry).prefix, count };
  }
  return { pool: 'direct', prefix: parsePrefix(String(areaCode), country), count };
}

/** An area code of another country than the sent one is a mistake: `+1` has 25 countries. */
function parsePrefix(areaCode: string, country: string): string {
  if (!isPhoneCountry(country)) {
    throw invalidInput(
      'INVALID_COUNTRY',
      'country must be the ISO 3166-1 alpha-2 code of a country with phone numbers, in capital letters (US, CA, DE).',
      'country',
    );
  }
  const { prefix, country: actual } = parseAreaCode(areaCode, country);
  if (actual === undefined || actual === country) return prefix;
  throw invalidInput(
    'INVALID_AREA_CODE',
    `The area code belongs to ${actual}, not to ${country}. Correct country, or omit it.`,
    'areaCode',
  );
}

function invalidInput(code: string, message: string, field: string): InvalidInputError {
  return new InvalidInputError(code, message, { field });
}
