import { InvalidInputError } from '#core/platform/errors.ts';
import { type PhoneCountry, parsePhoneNumber } from '#core/platform/phone.ts';

/** Subscriber numbers, the most common length first. The phone number library decides which length an area code takes. */
const SUBSCRIBER_NUMBERS = ['5550100', '55501000', '555010', '55501', '5550', '555010000', '555'];

/**
 * Parses an area code into the prefix of its direct numbers and, if the digits determine it, the country. It rejects only
 * digits that no numbering plan allows. Whether there are numbers depends on the pool.
 *
 * @throws {InvalidInputError} `INVALID_AREA_CODE`
 *
 * @example parseAreaCode('613', 'US') // { prefix: '+1613', country: 'CA' }
 */
export function parseAreaCode(
  areaCode: string,
  country: PhoneCountry,
): { prefix: string; country: PhoneCountry | undefined } {
  if (/^\d{1,7}$/.test(areaCode)) {
    for (const subscriber of SUBSCRIBER_NUMBERS) {
      const parsed = parsePhoneNumber(areaCode + subscriber, country);
      if (parsed.kind !== 'phone' || !parsed.phoneNumber.endsWith(subscriber)) continue;
      const prefix = parsed.phoneNumber.slice(0, -subscriber.length);
      // Area codes of +1 have three digits, and subscriber numbers have seven.
      if (prefix.startsWith('+1') && !/^\+1[2-9](?!11|9)\d\d$/.test(prefix)) break;
      return { prefix, country: parsed.country };
    }
  }
  throw new InvalidInputError(
    'INVALID_AREA_CODE',
    `areaCode is not an area code of ${country}. Send only its digits, such as 613, and the country in country.`,
    { field: 'areaCode' },
  );
}
