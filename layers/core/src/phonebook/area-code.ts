import { InvalidInputError } from '#core/platform/errors.ts';
import { type PhoneCountry, parsePhoneNumber } from '#core/platform/phone.ts';

/** Subscriber numbers, the usual length first; which of them a country's area code takes is the library's to say. */
const SUBSCRIBERS = ['5550100', '55501000', '555010', '55501', '5550', '555010000', '555'];

/**
 * The beginning of the direct numbers of an area, and the country that the digits belong to, where they tell. Only
 * what no country's numbering plan allows is refused; whether there are numbers is for the pool to say.
 *
 * @throws {InvalidInputError} `INVALID_AREA_CODE`
 *
 * @example areaCodePrefix('613', 'US') // { prefix: '+1613', country: 'CA' }
 */
export function parseAreaCode(
  areaCode: string,
  country: PhoneCountry,
): { prefix: string; country: PhoneCountry | undefined } {
  if (/^\d{1,7}$/.test(areaCode)) {
    for (const subscriber of SUBSCRIBERS) {
      const parsed = parsePhoneNumber(areaCode + subscriber, country);
      if (parsed.kind !== 'phone' || !parsed.phoneNumber.endsWith(subscriber)) continue;
      const prefix = parsed.phoneNumber.slice(0, -subscriber.length);
      // All of North America and the Caribbean have three digits, and 7 for a number.
      if (prefix.startsWith('+1') && !/^\+1[2-9](?!11|9)\d\d$/.test(prefix)) break;
      return { prefix, country: parsed.country };
    }
  }
  throw new InvalidInputError(
    'INVALID_AREA_CODE',
    `areaCode is not an area code of ${country}; write its digits alone, such as 613, and the country beside it.`,
    { field: 'areaCode' },
  );
}
