import type { Message } from '#core/messages/message.ts';
import type { Dispatching, Patience } from './context.ts';
import { readLane, type Unreadable } from './lane.ts';
import { advance, type Step, ulidOf } from './message.ts';
import { move } from './transitions.ts';

/**
 * Sends what a lane holds, one after the other in its order, until nothing is left, or the first message has to wait.
 * Any number of dispatchers may work on one lane: each message is claimed by one, and who meets another's claim stops.
 *
 * It ends when it has read the lane and found nothing, when somebody else has the first message, when that one has to wait
 * for longer than this run may, or when its time is over. What is accepted while it works is either seen by it, or by the
 * dispatcher that is told of it and no longer meets a claim; everything it leaves is due at a time of its own.
 *
 * @param since the oldest message that the caller was told of
 * @returns when something is due that this run leaves, in milliseconds since 1970; undefined when it leaves nothing, or
 *   somebody else is at it
 */
export async function runLane(
  d: Dispatching,
  lane: string,
  since: string,
  patience: Patience,
): Promise<number | undefined> {
  let done: string | undefined;
  while (d.clock.now() < patience.end) {
    const open = await readLane(d.table, lane, since, d.clock.now(), done);
    if (open.length === 0) return undefined;
    // One that is accepted late, or sent again, and sorts before has a dispatcher that is told of it, or a time.
    const held = await workThrough(d, open, patience, (ulid) => {
      done = ulid;
    });
    if (!held) continue;
    if (held.until > patience.until || held.kind === 'TAKEN' || (held.queued && patience.leavesQueued)) {
      await postpone(d, held.behind, held.until);
      return held.kind === 'TAKEN' ? undefined : held.until;
    }
    await d.clock.sleep(Math.max(1, held.until - d.clock.now()));
  }
  return undefined;
}

type Waiting = Extract<Step, { kind: 'HELD' | 'TAKEN' }>;

/** Undefined when the lane has to be read again. */
async function workThrough(
  d: Dispatching,
  open: readonly (Message | Unreadable)[],
  patience: Patience,
  ended: (ulid: string) => void,
): Promise<(Waiting & { behind: readonly (Message | Unreadable)[] }) | undefined> {
  for (const [place, message] of open.entries()) {
    if (d.clock.now() >= patience.end) return undefined;
    const step = await advance(d, message, patience);
    if (step.kind === 'AGAIN') return undefined;
    if (step.kind === 'ENDED' && !('unreadable' in message)) ended(ulidOf(message));
    if (step.kind !== 'ENDED') return { ...step, behind: open.slice(place + 1) };
  }
  return undefined;
}

/**
 * What is due behind a message that waits is due when that is. Otherwise it would be looked at every minute, thousands
 * of messages perhaps, and others would not be.
 */
async function postpone(
  d: Dispatching,
  behind: readonly (Message | Unreadable)[],
  until: number,
): Promise<void> {
  const now = d.clock.now();
  for (const message of behind) {
    if ('unreadable' in message) continue;
    const { status } = message;
    if (status.state !== 'ACCEPTED' && status.state !== 'WAITING') continue;
    if (Date.parse(status.dueAt) > now) continue;
    await move(d.table, message, { ...status, dueAt: new Date(until).toISOString() });
  }
}
