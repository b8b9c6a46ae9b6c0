import { changeMessageState } from './change-message-state.ts';
import type { Deadlines, DispatchContext } from './dispatch-context.ts';
import { type LaneEntry, readLane } from './lane.ts';
import { processNext, type StepResult, ulidOf } from './process-next.ts';

/**
 * Sends the messages of a lane in order. Several dispatchers may run the same lane: one of them claims each message, and
 * a dispatcher that finds the claim of another one stops.
 *
 * The run ends when the lane is empty, when another dispatcher has claimed the first message, when the first message must
 * wait longer than this run may, or when the time of the run is over. This run sees a message that is accepted meanwhile;
 * otherwise the dispatcher that gets its stream record sees it. Every message that the run leaves has a due time.
 *
 * @param since the ULID of the oldest message that the caller knows of
 * @returns when the first message that this run leaves is due, in milliseconds since 1970; undefined when the run
 *   leaves none, or another dispatcher works on the lane
 */
export async function runLane(
  ctx: DispatchContext,
  lane: string,
  since: string,
  deadlines: Deadlines,
): Promise<number | undefined> {
  let finishedUpTo: string | undefined;
  while (ctx.clock.now() < deadlines.startUntil) {
    const open = await readLane(ctx.table, lane, since, ctx.clock.now(), finishedUpTo);
    if (open.length === 0) return undefined;
    // A message that is accepted late or sent again, and sorts before, has a record or a due time of its own.
    const blocked = await processInOrder(ctx, open, deadlines, (ulid) => {
      finishedUpTo = ulid;
    });
    if (!blocked) continue;
    const { step, behind } = blocked;
    if (
      step.until > deadlines.waitUntil ||
      step.kind === 'CLAIMED' ||
      (step.queued && deadlines.leaveQueued)
    ) {
      await postponeBehind(ctx, behind, step.until);
      return step.kind === 'CLAIMED' ? undefined : step.until;
    }
    await ctx.clock.sleep(Math.max(1, step.until - ctx.clock.now()));
  }
  return undefined;
}

type BlockingStep = Extract<StepResult, { kind: 'POSTPONED' | 'CLAIMED' }>;

/** Undefined when the lane must be read again. */
async function processInOrder(
  ctx: DispatchContext,
  open: readonly LaneEntry[],
  deadlines: Deadlines,
  onFinished: (ulid: string) => void,
): Promise<{ step: BlockingStep; behind: readonly LaneEntry[] } | undefined> {
  for (const [position, entry] of open.entries()) {
    if (ctx.clock.now() >= deadlines.startUntil) return undefined;
    const step = await processNext(ctx, entry, deadlines);
    if (step.kind === 'CHANGED') return undefined;
    if (step.kind !== 'FINISHED') return { step, behind: open.slice(position + 1) };
    if (!('unreadable' in entry)) onFinished(ulidOf(entry));
  }
  return undefined;
}

/**
 * Makes the due messages behind a waiting one due when that one is. Otherwise each scheduled run would read them again,
 * perhaps thousands of them, and get to no others.
 */
async function postponeBehind(
  ctx: DispatchContext,
  behind: readonly LaneEntry[],
  until: number,
): Promise<void> {
  const now = ctx.clock.now();
  for (const entry of behind) {
    if ('unreadable' in entry) continue;
    const { status } = entry;
    if (status.state !== 'ACCEPTED' && status.state !== 'WAITING') continue;
    if (Date.parse(status.dueAt) > now) continue;
    await changeMessageState(ctx.table, entry, { ...status, dueAt: new Date(until).toISOString() });
  }
}
