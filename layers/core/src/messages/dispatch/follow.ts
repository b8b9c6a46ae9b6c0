import type { Dispatching, Patience } from './context.ts';
import { type DueResult, dispatchDue, isAnyDueBy } from './sweep.ts';

/** So often a run looks for what has become due. */
const LOOK_MS = 2_000;
/** One look waits no longer for turns: the texts of other origins become due meanwhile. */
const TURN_MS = 5_000;

/**
 * Dispatches what is due, and what becomes due before `patience.until`, each in its time, also what is accepted in the
 * meantime. It ends as soon as nothing more becomes due by then, so that a run costs nothing while nobody waits; without
 * a sender nothing waits for a turn, and one look is enough.
 *
 * @returns how many were due in all its looks, and for how long the oldest was at the first one: later on nothing can
 *   have been due for long that this run could do anything about
 */
export async function followDue(d: Dispatching, patience: Patience): Promise<DueResult> {
  /** Of lanes that could not be worked on; they are left to the next run. */
  const failed = new Set<string>();
  const look = () => {
    const until = Math.min(patience.until, d.clock.now() + TURN_MS);
    return dispatchDue(d, { until, end: patience.end }, failed);
  };
  let begun = d.clock.now();
  const result = await look();
  while (d.send && d.clock.now() < patience.until && (await isAnyDueBy(d.table, patience.until))) {
    const next = Math.min(begun + LOOK_MS, patience.until);
    await d.clock.sleep(Math.max(0, next - d.clock.now()));
    begun = d.clock.now();
    const { status, counts } = await look();
    result.counts.due += counts.due;
    result.counts.lanes += counts.lanes;
    result.counts.failed += counts.failed;
    if (status === 'PARTIAL') result.status = status;
  }
  return result;
}
