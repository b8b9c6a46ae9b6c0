import { isQuietAt, parseQuietHours } from '#core/messages/quiet-hours/quiet-hours.ts';

test('quiet hours are two times of day, or nothing', () => {
  expect(parseQuietHours('21:00', '08:00')).toEqual({ from: '21:00', until: '08:00' });
  expect(parseQuietHours('20:00', '08:00')).toEqual({ from: '20:00', until: '08:00' });
  expect(parseQuietHours(undefined, undefined)).toBeUndefined();
});

test.each([
  ['quietUntil', '21:00', undefined],
  ['quietFrom', undefined, '08:00'],
  ['quietFrom', '24:00', '08:00'],
  ['quietFrom', '9:00', '18:00'],
  ['quietFrom', '', '08:00'],
  ['quietUntil', '21:00', '08:60'],
  ['quietUntil', '21:00', '08:00:00'],
  ['quietUntil', '21:00', '٠٨:٠٠'],
  ['quietUntil', '21:00', '21:00'],
  ['quietUntil', '08:00', '20:01'],
  ['quietUntil', '20:00', '08:01'],
])('an invalid %s is rejected (%s to %s)', (field, from, until) => {
  expect(() => parseQuietHours(from, until)).toThrow(
    expect.objectContaining({ code: 'INVALID_QUIET_HOURS', field }),
  );
});

test.each([
  ['21:00', '08:00', '20:59', false],
  ['21:00', '08:00', '21:00', true],
  ['21:00', '08:00', '00:00', true],
  ['21:00', '08:00', '07:59', true],
  ['21:00', '08:00', '08:00', false],
  ['12:00', '14:00', '11:59', false],
  ['12:00', '14:00', '13:59', true],
  ['12:00', '14:00', '14:00', false],
])('from %s to %s, %s is in quiet hours: %s', (from, until, time, quiet) => {
  expect(isQuietAt(time, { from, until })).toBe(quiet);
});
