import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/core';
// The larger table: the smaller one does not tell mobile numbers from others.
import phoneMetadata from 'libphonenumber-js/max/metadata';
import prefixesOfZones from './zones.json' with { type: 'json' };

/** Where the mobile numbers of a country begin with an area code too. The list of libphonenumber (PhoneNumberUtil). */
const MOBILE_WITH_AREA_CODE = new Set(['52', '54', '55', '62', '86']);

/** Whoever cannot be placed lives by this clock. */
const UNPLACED: readonly string[] = ['UTC'];

let zonesByPrefix: Map<string, readonly string[]> | undefined;

/**
 * The time zones in which the holder of a number may live, by libphonenumber's table of prefixes and by its rule: a
 * number with an area code lives there, every other one anywhere in its country. Where people are with their
 * telephones just now, no number says.
 *
 * @param number in E.164
 * @returns one at least, as IANA names
 */
export function timeZonesOf(number: string): readonly string[] {
  const phone = parsePhoneNumberFromString(number, phoneMetadata);
  if (phone === undefined) return UNPLACED;
  zonesByPrefix ??= readTable();
  const country = zonesByPrefix.get(phone.countryCallingCode);
  // Most countries have one: it costs nothing more to know.
  if (country?.length === 1 || !hasAreaCode(phone)) return country ?? UNPLACED;
  return longestPrefix(number.slice(1), zonesByPrefix) ?? UNPLACED;
}

function hasAreaCode(phone: PhoneNumber): boolean {
  const type = phone.getType();
  if (type === 'FIXED_LINE' || type === 'FIXED_LINE_OR_MOBILE') return true;
  return type === 'MOBILE' && MOBILE_WITH_AREA_CODE.has(phone.countryCallingCode);
}

function longestPrefix(digits: string, table: Map<string, readonly string[]>): readonly string[] | undefined {
  for (let length = digits.length; length > 0; length--) {
    const zones = table.get(digits.slice(0, length));
    if (zones) return zones;
  }
  return undefined;
}

function readTable(): Map<string, readonly string[]> {
  const table = new Map<string, readonly string[]>();
  for (const [zones, prefixes] of Object.entries(prefixesOfZones)) {
    const names = zones.split('&');
    for (const prefix of prefixes.split(' ')) table.set(prefix, names);
  }
  return table;
}
