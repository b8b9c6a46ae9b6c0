import { createDeadline, withTimeLimit } from '#core/platform/resilience/deadline.ts';

const never = () => new Promise<never>(() => {});

test('tells what is left, and never less than nothing', () => {
  let now = 1_000;
  const deadline = createDeadline(500, () => now);

  expect(deadline.left()).toBe(500);
  now = 1_400;
  expect(deadline.left()).toBe(100);
  now = 9_000;
  expect(deadline.left()).toBe(0);
});

test('returns what the work returns in time', async () => {
  await expect(createDeadline(1_000).run(async () => 'done')).resolves.toBe('done');
});

test('ends work that takes longer, and aborts its signal', async () => {
  let aborted = false;
  const work = createDeadline(5).run((signal) => {
    signal.addEventListener('abort', () => {
      aborted = true;
    });
    return never();
  });

  await expect(work).rejects.toMatchObject({ name: 'UnavailableError', code: 'TIMED_OUT' });
  expect(aborted).toBe(true);
});

test('a part of the work may have a shorter limit, but no longer one', async () => {
  await expect(createDeadline(60_000).run(never, 5)).rejects.toMatchObject({ code: 'TIMED_OUT' });
  await expect(createDeadline(5).run(never, 60_000)).rejects.toMatchObject({ code: 'TIMED_OUT' });
});

test('has a signal for requests that need no other limit', async () => {
  const { signal } = createDeadline(5);

  await new Promise((resolve) => signal.addEventListener('abort', resolve));

  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});

test('what work throws passes through', async () => {
  const failure = new Error('denied');

  await expect(withTimeLimit(1_000, () => Promise.reject(failure))).rejects.toBe(failure);
});
