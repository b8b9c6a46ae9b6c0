/** A number that nobody has: what SearchAvailablePhoneNumbers finds. */
export interface AvailableNumber {
  PhoneNumber: string;
  Country: string;
  Type: 'DID' | 'TOLL_FREE';
}

/**
 * What the stand-in has to give away, all of it out of ranges that belong to nobody: 555-01xx in North America, those
 * that Ofcom and the Bundesnetzagentur keep for films. Other area codes have none, as in real life.
 */
const STOCK: { country: string; type: AvailableNumber['Type']; prefix: string; first: number }[] = [
  { country: 'CA', type: 'DID', prefix: '+1613555', first: 150 },
  { country: 'CA', type: 'DID', prefix: '+1416555', first: 150 },
  { country: 'US', type: 'DID', prefix: '+1206555', first: 150 },
  { country: 'US', type: 'DID', prefix: '+1503555', first: 150 },
  { country: 'US', type: 'TOLL_FREE', prefix: '+1833555', first: 150 },
  { country: 'GB', type: 'DID', prefix: '+44207946', first: 150 },
  { country: 'DE', type: 'DID', prefix: '+493023125', first: 150 },
];

/** Numbers of each prefix; the last one is found, and its first claim fails, as when somebody else was quicker. */
const OF_EACH = 25;

export const AVAILABLE: readonly AvailableNumber[] = STOCK.flatMap(({ country, type, prefix, first }) =>
  Array.from({ length: OF_EACH }, (_, index) => ({
    PhoneNumber: prefix + String(first + index).padStart(country === 'DE' ? 3 : 4, '0'),
    Country: country,
    Type: type,
  })),
);

export function isTakenMeanwhile(number: AvailableNumber): boolean {
  return (AVAILABLE.indexOf(number) + 1) % OF_EACH === 0;
}
