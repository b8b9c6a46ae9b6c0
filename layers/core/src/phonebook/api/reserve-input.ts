import * as v from 'valibot';
import { parseAreaCode } from '#core/phonebook/index.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import { isPhoneCountry, type PhoneCountry } from '#core/platform/phone.ts';
import { parseBody } from '#core/platform/validate.ts';

const COUNT = 'must be a whole number from 1 to 20';

/** Of POST /phonebook/reserve. */
const body = v.object({
  areaCode: v.optional(
    v.union([v.string(), v.number()], 'must be the digits of an area code, such as 613 or "613"'),
  ),
  country: v.optional(v.string('must be a string')),
  pool: v.optional(v.literal('extension', 'must be "extension"; direct numbers are reserved by areaCode')),
  count: v.optional(
    v.pipe(v.number(COUNT), v.integer(COUNT), v.minValue(1, COUNT), v.maxValue(20, COUNT)),
    5,
  ),
});

/** What is to be reserved: extensions, or direct numbers that begin with a prefix such as `+1613`. */
export type ReserveInput = ({ pool: 'extension' } | { pool: 'direct'; prefix: string }) & {
  count: number;
};

/**
 * Reads the body of a reservation.
 *
 * @param defaultCountry of an area code that comes without a country
 * @throws {InvalidInputError} names the field that is wrong
 */
export function parseReserveBody(input: unknown, defaultCountry: PhoneCountry): ReserveInput {
  const { areaCode, country, pool, count } = parseBody(body, input);
  if (pool !== undefined) {
    if (areaCode === undefined && country === undefined) return { pool, count };
    const field = areaCode === undefined ? 'country' : 'areaCode';
    throw invalid('INVALID_BODY', `pool and ${field} cannot both be given: extensions have no area.`, field);
  }
  if (areaCode === undefined) {
    throw invalid('INVALID_BODY', 'areaCode is missing; or "pool": "extension" in its place.', 'areaCode');
  }
  if (country === undefined) {
    return { pool: 'direct', prefix: parseAreaCode(String(areaCode), defaultCountry).prefix, count };
  }
  return { pool: 'direct', prefix: prefixIn(String(areaCode), country), count };
}

/** With a country that was named, an area code of another one is a mistake; `+1` alone has 25 countries. */
function prefixIn(areaCode: string, country: string): string {
  if (!isPhoneCountry(country)) {
    throw invalid(
      'INVALID_COUNTRY',
      'country must be two capital letters, as in ISO 3166-1 alpha-2 (US, CA, DE), of a country with phone numbers.',
      'country',
    );
  }
  const { prefix, country: actual } = parseAreaCode(areaCode, country);
  if (actual === undefined || actual === country) return prefix;
  throw invalid(
    'INVALID_AREA_CODE',
    `The area code belongs to ${actual}, not to ${country}. Correct country, or leave it out.`,
    'areaCode',
  );
}

function invalid(code: string, message: string, field: string): InvalidInputError {
  return new InvalidInputError(code, message, { field });
}
