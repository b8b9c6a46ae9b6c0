import { documentClient } from '../../platform/aws.ts';
import { count } from '../../platform/observability.ts';
import { markExportDue } from '../changes.ts';
import { type SweepResult, sweepNumbers } from './sweep.ts';

export { type SweepResult, sweepNumbers } from './sweep.ts';

/** A sweep stops this long before its invocation would be cut off. */
const RESERVE_MS = 5_000;

/** Makes the sweep of this process. */
export function createNumberSweep(settings: { table: string }) {
  const directory = { client: documentClient(), table: settings.table };

  /** @param remainingMs how long the invocation may still take */
  return async function sweep(remainingMs: number): Promise<SweepResult> {
    const end = Date.now() + Math.max(remainingMs - RESERVE_MS, remainingMs / 2);
    const result = await sweepNumbers(directory, Date.now(), () => Date.now() >= end);
    count('QuarantinesEnded', result.counts.freed + result.counts.removed);
    count('ReservedNumbersExpired', result.counts.expired);
    count('AgentsServed', result.counts.served);
    if (result.counts.served > 0) await markExportDue(directory, new Date().toISOString());
    return result;
  };
}
