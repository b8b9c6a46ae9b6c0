import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/core';
// The smaller table does not distinguish mobile numbers from others.
import phoneMetadata from 'libphonenumber-js/max/metadata';
import prefixesOfZones from './time-zones.json' with { type: 'json' };

/** Countries whose mobile numbers have an area code, too. From libphonenumber (PhoneNumberUtil). */
const MOBILE_WITH_AREA_CODE = new Set(['52', '54', '55', '62', '86']);

/** The time zone of a number without a known place. */
const DEFAULT_TIME_ZONES: readonly string[] = ['UTC'];

let zonesByPrefix: Map<string, readonly string[]> | undefined;

/**
 * Returns the time zones in which the holder of a number may live, according to the table and the rule of libphonenumber:
 * a number with an area code belongs to that area, and every other number to its whole country. A number does not show
 * where its phone is at the moment.
 *
 * @param number in E.164
 * @returns at least one IANA name
 */
export function timeZonesOf(number: string): readonly string[] {
  const phone = parsePhoneNumberFromString(number, phoneMetadata);
  if (phone === undefined) return DEFAULT_TIME_ZONES;
  zonesByPrefix ??= readZoneTable();
  const country = zonesByPrefix.get(phone.countryCallingCode);
  // Most countries have one time zone, so the area does not matter.
  if (country?.length === 1 || !hasAreaCode(phone)) return country ?? DEFAULT_TIME_ZONES;
  return longestPrefix(number.slice(1), zonesByPrefix) ?? DEFAULT_TIME_ZONES;
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

function readZoneTable(): Map<string, readonly string[]> {
  const table = new Map<string, readonly string[]>();
  for (const [zones, prefixes] of Object.entries(prefixesOfZones)) {
    const names = zones.split('&');
    for (const prefix of prefixes.split(' ')) table.set(prefix, names);
  }
  return table;
}
