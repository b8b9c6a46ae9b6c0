import { expiryOf, retryDelay } from '#core/messages/dispatch/timeouts.ts';
import { DAY, HOUR, MINUTE } from '#support/message-world.ts';

const START = Date.parse('2026-11-01T08:00:00.000Z');
const at = (milliseconds: number) => new Date(START + milliseconds).toISOString();

test.each([
  ['a day after it was accepted', {}, DAY],
  ['a day after its quiet hours ended', { notBefore: at(6 * HOUR) }, DAY + 6 * HOUR],
  ['three days after it was accepted, in spite of quiet hours', { notBefore: at(2.5 * DAY) }, 3 * DAY],
  ['an hour before DynamoDB may delete it', { ttl: (START + 6 * HOUR) / 1_000 }, 5 * HOUR],
  [
    'an hour before DynamoDB may delete it, in spite of quiet hours',
    { notBefore: at(6 * HOUR), ttl: (START + 3 * HOUR) / 1_000 },
    2 * HOUR,
  ],
  ['a day after it was resent', { resolution: { as: 'RESEND' as const, at: at(7 * DAY) } }, 8 * DAY],
  [
    'a day after it was accepted when it was resolved',
    { resolution: { as: 'SENT' as const, at: at(HOUR) } },
    DAY,
  ],
])('a message expires %s', (_, parts, expected) => {
  const message = { acceptedAt: at(0), ttl: (START + 30 * DAY) / 1_000, ...parts };

  expect(expiryOf(message) - START).toBe(expected);
});

test('the wait before a retry doubles up to 15 minutes, and up to one half of it is random', () => {
  const longest = Array.from({ length: 12 }, (_, attempt) => retryDelay(attempt + 1, { random: () => 1 }));
  const shortest = Array.from({ length: 12 }, (_, attempt) => retryDelay(attempt + 1, { random: () => 0 }));

  expect(longest.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(longest.at(-1)).toBe(15 * MINUTE);
  expect(shortest).toEqual(longest.map((wait) => wait / 2));
});
