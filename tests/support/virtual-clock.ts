import type { FakeClock } from './directory.ts';

/**
 * A clock for things that go on at the same time: when all of them sleep, it is the time at which the first one wakes.
 * They may wait for nothing else but each other.
 */
export function virtualClock(start = Date.parse('2026-11-01T08:00:00.000Z')): FakeClock {
  let now = start;
  let running = false;
  let timers: { at: number; wake: () => void }[] = [];

  function goOn(): void {
    if (timers.length === 0) {
      running = false;
      return;
    }
    now = Math.max(now, Math.min(...timers.map(({ at }) => at)));
    const over = timers.filter(({ at }) => at <= now);
    timers = timers.filter(({ at }) => at > now);
    for (const { wake } of over) wake();
    setImmediate(goOn);
  }

  return {
    now: () => now,
    sleep: (milliseconds) =>
      new Promise((wake) => {
        timers.push({ at: now + milliseconds, wake });
        if (running) return;
        running = true;
        setImmediate(goOn);
      }),
    random: () => 0.5,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    sleeps: [],
  };
}
