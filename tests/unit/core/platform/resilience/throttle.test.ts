import { createRequestThrottle, createWriteThrottle } from '#core/platform/resilience/throttle.ts';
import { fakeClock } from '#support/directory.ts';

const OPTIONS = { intervalMs: 500, burst: 3, attempts: 3, maxBackoffMs: 4_000 };
const never = Number.POSITIVE_INFINITY;

const clockAt0 = () => ({ ...fakeClock(0), random: () => 1 });
const throttled = () => Promise.reject(Object.assign(new Error(), { name: 'ThrottlingException' }));

test('a burst goes at once, and then two a second; each kind has its own', async () => {
  const clock = clockAt0();
  const throttle = createRequestThrottle('Connect', clock, OPTIONS);
  const times: number[] = [];
  for (let i = 0; i < 5; i += 1) await throttle.run('a', never, async () => times.push(clock.now()));
  await throttle.run('b', never, async () => times.push(clock.now()));

  expect(times).toEqual([0, 0, 0, 500, 1000, 1000]);
  expect(throttle.calls).toBe(6);
});

test('after a rest there is a burst again, and no more than one', async () => {
  const clock = clockAt0();
  const throttle = createRequestThrottle('Connect', clock, OPTIONS);
  await throttle.run('a', never, async () => undefined);
  await clock.sleep(60_000);
  const times: number[] = [];
  for (let i = 0; i < 4; i += 1) await throttle.run('a', never, async () => times.push(clock.now() - 60_000));

  expect(times).toEqual([0, 0, 0, 500]);
});

test('what is throttled is asked again, each time later, and given up at last', async () => {
  const clock = clockAt0();
  const throttle = createRequestThrottle('Connect', clock, OPTIONS);

  await expect(throttle.run('a', never, throttled)).rejects.toMatchObject({
    code: 'CONNECT_UNAVAILABLE',
    cause: { name: 'ThrottlingException' },
  });
  expect([throttle.calls, clock.now()]).toEqual([3, 3_000]);
});

test('what is wrong in itself is not asked again', async () => {
  const throttle = createRequestThrottle('Connect', clockAt0(), OPTIONS);

  await expect(throttle.run('a', never, () => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
  expect(throttle.calls).toBe(1);
});

test('nothing is asked after the deadline, and no wait goes beyond it', async () => {
  const clock = clockAt0();
  const throttle = createRequestThrottle('Connect', clock, OPTIONS);

  await expect(throttle.run('a', 900, throttled)).rejects.toMatchObject({ name: 'OutOfTimeError' });
  expect([throttle.calls, clock.now()]).toEqual([1, 0]);
});

describe('createWriteThrottle', () => {
  test('lets the first writes through at once, and the next ones when the first have had their share', async () => {
    const clock = clockAt0();
    const throttle = createWriteThrottle(100, clock);

    await throttle.take(25);
    expect(clock.now()).toBe(0);
    await throttle.take(25);
    expect(clock.now()).toBe(250);
    await throttle.take(1);
    expect(clock.now()).toBe(500);
  });

  test('does not save up what was not used', async () => {
    const clock = clockAt0();
    const throttle = createWriteThrottle(10, clock);
    await throttle.take(1);
    clock.advance(60_000 - clock.now());

    await throttle.take(10);
    await throttle.take(1);

    expect(clock.now()).toBe(61_000);
  });

  test('neither waits nor cuts without a limit', async () => {
    const clock = clockAt0();
    const throttle = createWriteThrottle(undefined, clock);
    await throttle.take(1_000_000);

    expect(clock.now()).toBe(0);
    expect(throttle.groups(Array(1000).fill(0))).toHaveLength(1);
    expect(createWriteThrottle(5).groups(Array(1000).fill(0))).toHaveLength(40);
  });
});
