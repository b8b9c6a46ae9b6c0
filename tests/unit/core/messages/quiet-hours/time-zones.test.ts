import prefixesOfZones from '#core/messages/quiet-hours/time-zones.json';
import { timeZonesOf } from '#core/messages/quiet-hours/time-zones.ts';
import { readPackage } from '#tools/build/time-zones/package.ts';

test('the table matches the installed package; node tools/build/time-zones.ts writes it', async () => {
  expect(prefixesOfZones).toEqual(await readPackage());
});

test('Node supports every time zone of the table', () => {
  const names = new Set(Object.keys(prefixesOfZones).flatMap((zones) => zones.split('&')));
  expect(names.size).toBeGreaterThan(250);
  for (const timeZone of names) new Intl.DateTimeFormat('en', { timeZone });
});

test.each([
  ['+16135550100', ['America/Toronto'], 'an area code'],
  ['+16045550100', ['America/Vancouver'], 'another area code of the same country code'],
  ['+12082015555', ['America/Denver'], 'a longer prefix than the area code'],
  ['+493012345678', ['Europe/Berlin'], 'a country with one time zone'],
  ['+4915112345678', ['Europe/Berlin'], 'a mobile number there'],
  ['+5511987654321', ['America/Sao_Paulo'], 'a mobile number with an area code'],
  ['+34612345678', ['Atlantic/Canary', 'Europe/Madrid'], 'a mobile number of a country with two'],
  ['+99999', ['UTC'], 'no number at all'],
])('%s is in %j: %s', (number, zones) => {
  expect(timeZonesOf(number)).toEqual(zones);
});

test.each([
  ['+61412345678', 'Australia/Perth', 'Australia/Sydney'],
  ['+18005550199', 'Pacific/Honolulu', 'America/New_York'],
])('%s has no area code, so it belongs to its whole country', (number, ...zones) => {
  expect(timeZonesOf(number)).toEqual(expect.arrayContaining(zones));
});
