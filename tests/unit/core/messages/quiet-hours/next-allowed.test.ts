import fc from 'fast-check';
import { nextAllowed } from '#core/messages/quiet-hours/next-allowed.ts';
import { isQuietAt, MAX_QUIET_MINUTES } from '#core/messages/quiet-hours/quiet-hours.ts';
import { timeZonesOf } from '#core/messages/quiet-hours/time-zones.ts';

const NIGHT = { from: '21:00', until: '08:00' };
const BERLIN = '+4915112345678';
const OTTAWA = '+16135550100';
const MADRID_OR_CANARIES = '+34612345678';
const ANYWHERE_OF_PLUS_1 = '+18005550199';

function next(to: string, now: string, quiet = NIGHT): string {
  return new Date(nextAllowed(to, quiet, Date.parse(now))).toISOString();
}

test.each([
  ['by day', BERLIN, '2026-01-15T12:00:00.123Z', '2026-01-15T12:00:00.123Z'],
  ['in the evening', BERLIN, '2026-01-15T20:00:00.000Z', '2026-01-16T07:00:00.000Z'],
  ['after midnight', BERLIN, '2026-01-15T02:30:15.500Z', '2026-01-15T07:00:00.000Z'],
  ['a moment before it ends', BERLIN, '2026-01-15T06:59:59.999Z', '2026-01-15T07:00:00.000Z'],
  ['at its end', BERLIN, '2026-01-15T07:00:00.000Z', '2026-01-15T07:00:00.000Z'],
  ['a moment before it begins', BERLIN, '2026-01-15T19:59:59.999Z', '2026-01-15T19:59:59.999Z'],
  ['in another time zone', OTTAWA, '2026-01-15T07:00:00.000Z', '2026-01-15T13:00:00.000Z'],
])('%s', (_, to, now, expected) => {
  expect(next(to, now)).toBe(expected);
});

test('with several time zones, the last one counts in the morning, and the first one in the evening', () => {
  expect(next(MADRID_OR_CANARIES, '2026-01-15T07:30:00Z')).toBe('2026-01-15T08:00:00.000Z');
  expect(next(MADRID_OR_CANARIES, '2026-01-15T20:30:00Z')).toBe('2026-01-16T08:00:00.000Z');
});

test('quiet hours may end at any minute', () => {
  expect(next(BERLIN, '2026-01-15T03:00:00Z', { from: '21:00', until: '08:07' })).toBe(
    '2026-01-15T07:07:00.000Z',
  );
});

describe('when the clocks change', () => {
  test('a night is one hour shorter in spring', () => {
    expect(next(BERLIN, '2026-03-28T21:00:00Z')).toBe('2026-03-29T06:00:00.000Z');
  });

  test('a night is one hour longer in autumn', () => {
    expect(next(BERLIN, '2026-10-24T20:00:00Z')).toBe('2026-10-25T07:00:00.000Z');
  });

  test('quiet hours that end at a skipped time end when the clocks have changed', () => {
    expect(next(BERLIN, '2026-03-29T00:00:00Z', { from: '22:00', until: '02:30' })).toBe(
      '2026-03-29T01:00:00.000Z',
    );
  });

  test('quiet hours that end at a repeated time end twice', () => {
    const quiet = { from: '22:00', until: '02:30' };
    expect(next(BERLIN, '2026-10-24T23:00:00Z', quiet)).toBe('2026-10-25T00:30:00.000Z');
    expect(next(BERLIN, '2026-10-25T01:10:00Z', quiet)).toBe('2026-10-25T01:30:00.000Z');
  });

  test('a change by half an hour counts, too', () => {
    // Of the time zones of Australian mobile numbers, the evening comes first to Lord Howe Island.
    expect(next('+61412345678', '2026-04-03T10:15:00.000Z')).toBe('2026-04-04T01:30:00.000Z');
    expect(next('+61412345678', '2026-04-05T10:15:00.000Z')).toBe('2026-04-05T10:15:00.000Z');
  });
});

test('for any number of time zones, there is a time within two days, and no earlier quarter of an hour', () => {
  const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
  const times = fc.tuple(minute, fc.integer({ min: 1, max: MAX_QUIET_MINUTES }));
  const instants = fc.date({
    min: new Date('2026-01-01'),
    max: new Date('2027-12-31'),
    noInvalidDate: true,
  });
  const numbers = fc.constantFrom(BERLIN, OTTAWA, MADRID_OR_CANARIES, ANYWHERE_OF_PLUS_1, '+61412345678');
  fc.assert(
    fc.property(numbers, times, instants, (to, [from, length], date) => {
      const quiet = { from: clock(from), until: clock((from + length) % (24 * 60)) };
      const now = date.getTime();

      const allowed = nextAllowed(to, quiet, now);

      const quietAt = (instant: number) =>
        timeZonesOf(to).some((timeZone) => isQuietAt(timeIn(timeZone, instant), quiet));
      expect(quietAt(allowed)).toBe(false);
      // A pause between two quiet times that is shorter than that may be passed over.
      const quarter = 15 * 60_000;
      const first = (Math.floor(now / quarter) + 1) * quarter;
      const before = Array.from(
        { length: Math.ceil((allowed - first) / quarter) },
        (_, i) => first + i * quarter,
      );
      if (allowed > now) expect([now, ...before, allowed - 1].map(quietAt)).not.toContain(false);
    }),
    { numRuns: 50 },
  );
});

function clock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function timeIn(timeZone: string, instant: number): string {
  return new Date(instant).toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
}
