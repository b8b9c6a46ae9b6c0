import type { Dispatching, Patience } from './context.ts';
import { type DueResult, dispatchDue, isAnyDueBy } from './due-messages.ts';
import { SOON_MS } from './timeouts.ts';

/** So often a run looks for what has become due. */
const LOOK_MS = 2_000;
/** One look waits no longer for turns: the texts of other origins become due meanwhile. */
const TURN_MS = 5_000;

/**
 * The run of the schedule: what is due, for whatever reason. When anything becomes due before the next one, it asks for a
 * run that follows; while nothing does, that costs no more than the question.
 */
export async function dispatchScheduled(d: Dispatching, patience: Patience): Promise<DueResult> {
  const now = d.clock.now();
  // Without a sender nothing waits for a turn.
  if (d.send && (await isAnyDueBy(d.table, now + SOON_MS))) await d.askToFollow(now);
  return dispatchDue(d, patience);
}

/**
 * Dispatches what is due, and what becomes due before `patience.until`, each in its time, also what is accepted in the
 * meantime. It ends as soon as nothing more becomes due by then, so that a run costs nothing while nobody waits.
 *
 * @returns how many were due in all its looks, and for how long the oldest was at the first one: later on nothing can
 *   have been due for long that this run could do anything about
 */
export async function followDue(d: Dispatching, patience: Patience): Promise<DueResult> {
  /** Of lanes that could not be worked on; they are left to the next run. */
  const failed = new Set<string>();
  let begun = d.clock.now();
  const result = await look(d, patience, failed);
  // There are two looks at least: the index may not have had yet what this run was asked for.
  do {
    const next = Math.min(begun + LOOK_MS, patience.until);
    await d.clock.sleep(Math.max(0, next - d.clock.now()));
    begun = d.clock.now();
    const { status, counts } = await look(d, patience, failed);
    result.counts.due += counts.due;
    result.counts.lanes += counts.lanes;
    result.counts.failed += counts.failed;
    if (status === 'PARTIAL') result.status = status;
  } while (d.clock.now() < patience.until && (await isAnyDueBy(d.table, patience.until)));
  return result;
}

function look(d: Dispatching, { until, end }: Patience, failed?: Set<string>): Promise<DueResult> {
  return dispatchDue(d, { until: Math.min(until, d.clock.now() + TURN_MS), end }, failed);
}
