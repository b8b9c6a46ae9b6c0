import { parseAreaCode } from '#core/phonebook/area-code.ts';
import type { PhoneCountry } from '#core/platform/phone.ts';

test.each<[string, PhoneCountry, string, string]>([
  ['613', 'US', '+1613', 'CA'],
  ['613', 'CA', '+1613', 'CA'],
  ['415', 'CA', '+1415', 'US'],
  ['876', 'US', '+1876', 'JM'],
  ['20', 'GB', '+4420', 'GB'],
  ['020', 'GB', '+4420', 'GB'],
  ['1481', 'GB', '+441481', 'GG'],
  ['30', 'DE', '+4930', 'DE'],
  ['030', 'DE', '+4930', 'DE'],
  ['06131', 'DE', '+496131', 'DE'],
  ['06', 'IT', '+3906', 'IT'],
  ['1', 'FR', '+331', 'FR'],
  ['812', 'RU', '+7812', 'RU'],
  ['3', 'JP', '+813', 'JP'],
])('the area code %s of %s has the prefix %s, in %s', (areaCode, country, prefix, actual) => {
  expect(parseAreaCode(areaCode, country)).toEqual({ prefix, country: actual });
});

test('accepts an area code that is not in use yet', () => {
  expect(parseAreaCode('587', 'US')).toMatchObject({ prefix: '+1587' });
  expect(parseAreaCode('389', 'US')).toMatchObject({ prefix: '+1389' });
});

test.each([
  ['113', 'US'],
  ['013', 'CA'],
  ['411', 'US'],
  ['199', 'US'],
  ['399', 'US'],
  ['61', 'US'],
  ['6135', 'US'],
  ['', 'US'],
  ['+613', 'US'],
  ['6 13', 'US'],
  ['613.5', 'US'],
  ['-613', 'US'],
  ['1e+21', 'US'],
  ['٦١٣', 'US'],
  ['12345678', 'DE'],
] as const)('rejects the area code %j of %s', (areaCode, country) => {
  expect(() => parseAreaCode(areaCode, country)).toThrow(
    expect.objectContaining({ code: 'INVALID_AREA_CODE', field: 'areaCode' }),
  );
});
