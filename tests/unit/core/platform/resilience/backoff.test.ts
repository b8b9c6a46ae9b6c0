import { jitteredBackoff } from '#core/platform/resilience/backoff.ts';

const options = { firstMs: 100, maxMs: 1_000 };
const at = (random: number) => ({ random: () => random });

test.each([
  [1, 100],
  [2, 200],
  [3, 400],
  [4, 800],
  [5, 1_000],
  [5_000, 1_000],
])('after attempt %d it is %d ms at most', (attempt, longest) => {
  expect(jitteredBackoff(attempt, options, at(1))).toBe(longest);
});

test('full jitter takes any part of the wait, equal jitter half of it at least', () => {
  expect(jitteredBackoff(2, options, at(0))).toBe(0);
  expect(jitteredBackoff(2, { ...options, jitter: 'full' }, at(0.5))).toBe(100);
  expect(jitteredBackoff(2, { ...options, jitter: 'equal' }, at(0))).toBe(100);
  expect(jitteredBackoff(2, { ...options, jitter: 'equal' }, at(0.5))).toBe(150);
});
