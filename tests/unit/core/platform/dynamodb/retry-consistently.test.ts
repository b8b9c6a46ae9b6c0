import { retryConsistently } from '#core/platform/dynamodb/retry-consistently.ts';

test.each([
  ['a yes is final', [true], true, [false]],
  ['a no is checked again, consistently', [false, true], true, [false, true]],
  ['the second no is final', [false, false], false, [false, true]],
])('%s', async (_, answers, expected, reads) => {
  const seen: boolean[] = [];

  const result = await retryConsistently(async (consistent) => {
    seen.push(consistent);
    return answers.shift() ?? false;
  });

  expect(result).toBe(expected);
  expect(seen).toEqual(reads);
});
