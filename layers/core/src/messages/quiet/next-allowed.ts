import type { QuietHours } from '#core/messages/message.ts';
import { isQuietAt } from './hours.ts';
import { timeZonesOf } from './zones.ts';

/** Clocks change at full quarters of an hour by UTC, in every time zone that there is. */
const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** Longer than the longest quiet time, with a change of the clocks in it. */
const FURTHEST_MS = 48 * 60 * MINUTE_MS;

/**
 * The first instant from now on at which a recipient may be texted: when it is quiet in none of the time zones in
 * which the number may be. It goes forward from minute to minute where the quiet ends, and by quarters of an hour
 * elsewhere, and asks the clocks each time, so a change of the clocks needs no rule of its own. A pause between the
 * quiet times of two time zones that contains no full quarter is passed over.
 *
 * @param to the recipient's number in E.164
 * @param now milliseconds since 1970
 * @returns `now` when it is not quiet; otherwise a full minute after it
 */
export function nextAllowed(to: string, quiet: QuietHours, now: number): number {
  const clocks = timeZonesOf(to).map(clockOf);
  const quietSomewhere = (instant: number) => clocks.some((clock) => isQuietAt(clock.format(instant), quiet));
  for (let instant = now; instant <= now + FURTHEST_MS; instant = nextQuarter(instant)) {
    if (quietSomewhere(instant)) continue;
    return instant === now ? now : firstMinute(instant, now, quietSomewhere);
  }
  // Quiet hours of half a day leave some minutes of every day, wherever a number may be; see hours.ts.
  return now + FURTHEST_MS;
}

/** The quiet ended within the quarter of an hour before. */
function firstMinute(allowed: number, now: number, quietSomewhere: (instant: number) => boolean): number {
  let first = allowed;
  while (first - MINUTE_MS > now && !quietSomewhere(first - MINUTE_MS)) first -= MINUTE_MS;
  return first;
}

function nextQuarter(instant: number): number {
  return (Math.floor(instant / QUARTER_MS) + 1) * QUARTER_MS;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter takes far longer than using it. */
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
