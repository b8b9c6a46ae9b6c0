import type { Deadlines, DispatchContext } from './dispatch-context.ts';
import { type DueResult, dispatchDueMessages, isAnyDueBy } from './due-messages.ts';
import { WAKE_UP_HORIZON_MS } from './timeouts.ts';

/** A draining run starts a pass this often. */
const PASS_INTERVAL_MS = 2_000;
/** One pass waits no longer for slots, because texts of other origins become due meanwhile. */
const MAX_PASS_WAIT_MS = 5_000;

/**
 * The scheduled run: dispatches what is due. When more becomes due before the next scheduled run, it requests a draining
 * run. Without due messages, it costs only the query.
 */
export async function dispatchScheduled(ctx: DispatchContext, deadlines: Deadlines): Promise<DueResult> {
  const now = ctx.clock.now();
  // Without a sender, no message waits for a slot.
  if (ctx.send && (await isAnyDueBy(ctx.table, now + WAKE_UP_HORIZON_MS))) await ctx.requestWakeUp(now);
  return dispatchDueMessages(ctx, deadlines);
}

/**
 * The draining run: dispatches what is due and what becomes due before `waitUntil`, each message at its time. That
 * includes messages that are accepted meanwhile. The run ends when nothing more becomes due by then.
 *
 * @returns the due messages of all passes, and how long the oldest one was overdue at the first pass
 */
export async function drainDueMessages(ctx: DispatchContext, deadlines: Deadlines): Promise<DueResult> {
  /** Lanes that failed. The next run tries them again. */
  const failedLanes = new Set<string>();
  let startedAt = ctx.clock.now();
  const result = await runPass(ctx, deadlines, failedLanes);
  // The run makes at least two passes: at the first one, the index may not show yet what the wake-up was requested for.
  do {
    const next = Math.min(startedAt + PASS_INTERVAL_MS, deadlines.waitUntil);
    await ctx.clock.sleep(Math.max(0, next - ctx.clock.now()));
    startedAt = ctx.clock.now();
    const { status, counts } = await runPass(ctx, deadlines, failedLanes);
    result.counts.due += counts.due;
    result.counts.lanes += counts.lanes;
    result.counts.failed += counts.failed;
    if (status === 'PARTIAL') result.status = status;
  } while (ctx.clock.now() < deadlines.waitUntil && (await isAnyDueBy(ctx.table, deadlines.waitUntil)));
  return result;
}

function runPass(
  ctx: DispatchContext,
  { waitUntil, startUntil }: Deadlines,
  failedLanes: Set<string>,
): Promise<DueResult> {
  const passWaitUntil = Math.min(waitUntil, ctx.clock.now() + MAX_PASS_WAIT_MS);
  return dispatchDueMessages(ctx, { waitUntil: passWaitUntil, startUntil }, failedLanes);
}
