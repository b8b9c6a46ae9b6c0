import { createPacing } from '#core/platform/resilience/throttle.ts';

const OPTIONS = { intervalMs: 500, burst: 3, attempts: 3, longestBackoffMs: 4_000 };
const never = Number.POSITIVE_INFINITY;

function fakeClock() {
  let now = 0;
  return {
    now: () => now,
    random: () => 1,
    async sleep(milliseconds: number) {
      now += milliseconds;
    },
  };
}
const throttled = () => Promise.reject(Object.assign(new Error(), { name: 'ThrottlingException' }));

test('a burst goes at once, and then two a second; each kind has its own', async () => {
  const clock = fakeClock();
  const pacing = createPacing('Connect', clock, OPTIONS);
  const times: number[] = [];
  for (let i = 0; i < 5; i += 1) await pacing.run('a', never, async () => times.push(clock.now()));
  await pacing.run('b', never, async () => times.push(clock.now()));

  expect(times).toEqual([0, 0, 0, 500, 1000, 1000]);
  expect(pacing.calls).toBe(6);
});

test('after a rest there is a burst again, and no more than one', async () => {
  const clock = fakeClock();
  const pacing = createPacing('Connect', clock, OPTIONS);
  await pacing.run('a', never, async () => undefined);
  await clock.sleep(60_000);
  const times: number[] = [];
  for (let i = 0; i < 4; i += 1) await pacing.run('a', never, async () => times.push(clock.now() - 60_000));

  expect(times).toEqual([0, 0, 0, 500]);
});

test('what is throttled is asked again, each time later, and given up at last', async () => {
  const clock = fakeClock();
  const pacing = createPacing('Connect', clock, OPTIONS);

  await expect(pacing.run('a', never, throttled)).rejects.toMatchObject({
    code: 'CONNECT_UNAVAILABLE',
    cause: { name: 'ThrottlingException' },
  });
  expect([pacing.calls, clock.now()]).toEqual([3, 3_000]);
});

test('what is wrong in itself is not asked again', async () => {
  const pacing = createPacing('Connect', fakeClock(), OPTIONS);

  await expect(pacing.run('a', never, () => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
  expect(pacing.calls).toBe(1);
});

test('nothing is asked after the deadline, and no wait goes beyond it', async () => {
  const clock = fakeClock();
  const pacing = createPacing('Connect', clock, OPTIONS);

  await expect(pacing.run('a', 900, throttled)).rejects.toMatchObject({ name: 'OutOfTimeError' });
  expect([pacing.calls, clock.now()]).toEqual([1, 0]);
});
