import { poll } from '#core/platform/resilience/poll.ts';

test.each([
  ['the first result is as expected', [true], 'a', []],
  ['a later result is as expected', [false, true], 'b', [10]],
  ['no result is as expected', [false, false, false], 'c', [10, 20]],
])('%s', async (_, expected, result, waits) => {
  const results = ['a', 'b', 'c'];
  const waited: number[] = [];
  const last = await poll(
    async () => results.shift(),
    () => expected.shift() ?? false,
    [10, 20],
    async (milliseconds) => void waited.push(milliseconds),
  );
  expect([last, waited]).toEqual([result, waits]);
});
