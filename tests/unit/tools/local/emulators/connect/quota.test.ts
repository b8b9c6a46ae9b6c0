import { createQuota } from '#tools/local/emulators/connect/request.ts';

test('five requests pass at once, then two a second, for each operation apart', () => {
  let now = 0;
  const quota = createQuota({ perSecond: 2, burst: 5 }, () => now);
  const passing = (operation: string) =>
    Array.from({ length: 10 }, () => quota.take(operation)).filter(Boolean).length;

  expect(passing('SearchUsers')).toBe(5);
  expect(passing('ListUsers')).toBe(5);
  now = 1_000;
  expect(passing('SearchUsers')).toBe(2);
  now = 60_000;
  expect(passing('SearchUsers')).toBe(5);
});
