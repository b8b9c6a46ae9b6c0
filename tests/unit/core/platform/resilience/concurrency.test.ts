import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';

test('works on everything, in order, with a limited number at once', async () => {
  const begun: number[] = [];
  let active = 0;
  let most = 0;

  const finished = await forEachConcurrent([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    begun.push(item);
    active += 1;
    most = Math.max(most, active);
    await new Promise((resolve) => setTimeout(resolve, 1));
    active -= 1;
  });

  expect(finished).toBe(true);
  expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('after an error nothing new begins, what has begun is waited for, and the error is thrown', async () => {
  const ended: number[] = [];

  const run = forEachConcurrent([1, 2, 3, 4, 5, 6], 2, async (item) => {
    if (item === 1) throw new Error('one');
    await new Promise((resolve) => setTimeout(resolve, 1));
    ended.push(item);
  });

  await expect(run).rejects.toThrow('one');
  expect(ended).toEqual([2]);
});

test('says that not everything was worked on when it was stopped', async () => {
  let worked = 0;
  const work = async () => {
    worked += 1;
  };

  await expect(forEachConcurrent([1, 2, 3, 4], 1, work, () => worked === 2)).resolves.toBe(false);
  expect(worked).toBe(2);
});
