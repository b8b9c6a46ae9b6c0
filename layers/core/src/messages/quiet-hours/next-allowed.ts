import type { QuietHours } from '#core/messages/message.ts';
import { isQuietAt } from './quiet-hours.ts';
import { timeZonesOf } from './time-zones.ts';

/** In every time zone, clocks change at full quarters of an hour in UTC. */
const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** Longer than the longest quiet hours, even when the clocks change. */
const MAX_QUIET_MS = 48 * 60 * MINUTE_MS;

/**
 * Returns the first time from now on at which a recipient may get a text: when no time zone of the number has quiet
 * hours. The search goes by quarters of an hour, and by minutes where the quiet hours end. It reads the local time at each
 * step, so a change of the clocks needs no special case. It skips a gap between the quiet hours of two time zones that
 * contains no full quarter.
 *
 * @param to the recipient's number in E.164
 * @param now milliseconds since 1970
 * @returns `now` outside of quiet hours; otherwise a later full minute
 */
export function nextAllowed(to: string, quiet: QuietHours, now: number): number {
  const clocks = timeZonesOf(to).map(clockOf);
  const isQuiet = (instant: number) => clocks.some((clock) => isQuietAt(clock.format(instant), quiet));
  for (let instant = now; instant <= now + MAX_QUIET_MS; instant = nextQuarter(instant)) {
    if (isQuiet(instant)) continue;
    return instant === now ? now : firstMinute(instant, now, isQuiet);
  }
  // This is never reached: quiet hours of up to half a day leave some minutes of every day; see quiet-hours.ts.
  return now + MAX_QUIET_MS;
}

/** The quiet hours ended within the previous quarter of an hour. */
function firstMinute(allowed: number, now: number, isQuiet: (instant: number) => boolean): number {
  let first = allowed;
  while (first - MINUTE_MS > now && !isQuiet(first - MINUTE_MS)) first -= MINUTE_MS;
  return first;
}

function nextQuarter(instant: number): number {
  return (Math.floor(instant / QUARTER_MS) + 1) * QUARTER_MS;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Creating a formatter takes much longer than using it. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}
