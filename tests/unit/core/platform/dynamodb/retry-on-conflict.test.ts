import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';

test('repeats the work until its write meets no other one', async () => {
  const seen: number[] = [];

  const outcome = await retryOnConflict(5, async (attempt) => {
    seen.push(attempt);
    return attempt === 3 ? 'written' : CONFLICT;
  });

  expect(outcome).toBe('written');
  expect(seen).toEqual([1, 2, 3]);
});

test('returns the conflict of the last attempt, and waits only between attempts', async () => {
  const waited: number[] = [];

  const outcome = await retryOnConflict(
    3,
    async () => CONFLICT,
    async (attempt) => void waited.push(attempt),
  );

  expect(outcome).toBe(CONFLICT);
  expect(waited).toEqual([1, 2]);
});

test('an error ends it', async () => {
  const work = jest.fn().mockRejectedValue(new Error('denied'));

  await expect(retryOnConflict(3, work)).rejects.toThrow('denied');
  expect(work).toHaveBeenCalledTimes(1);
});
