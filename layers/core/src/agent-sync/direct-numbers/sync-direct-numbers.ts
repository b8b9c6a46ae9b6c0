import { ConnectRefusedError } from '#core/connect/errors.ts';
import {
  DIRECT_POOL,
  type DirectoryNumber,
  DUE_PARTITION,
  numberFromItem,
  poolPartition,
} from '#core/directory/numbers.ts';
import { type Directory, queryPartition } from '#core/directory/table.ts';
import { planRelease } from '#core/directory/transitions.ts';
import { describeError, UnavailableError } from '#core/platform/errors.ts';
import { count, logger } from '#core/platform/observability.ts';
import { OutOfTimeError } from '#core/platform/resilience/throttle.ts';
import { applyDirectNumberPlan, type DirectNumberContext } from './apply.ts';
import type { InstanceNumbers } from './instance.ts';
import { planDirectNumbers, type RunTimes } from './plan.ts';

/** How the sync of the direct numbers ended. */
export type DirectNumbersOutcome =
  | { kind: 'DONE' }
  | { kind: 'OUT_OF_TIME' }
  /** The shrink guard rejected the response of Connect. No number changed. */
  | { kind: 'REFUSED'; warning: string }
  /** Connect failed. No number changed. */
  | { kind: 'NOT_READ'; message: string };

/**
 * Reconciles the direct numbers with the phone numbers of the instance. Compares all of them each time, so the next run
 * continues an interrupted one.
 *
 * @throws {OutOfTimeError} when Connect does not respond before the deadline
 */
export async function syncDirectNumbers(
  setup: Omit<DirectNumberContext, 'times'> & { quarantineDays: number },
  readNumbers: () => Promise<InstanceNumbers>,
  acceptShrink: boolean,
): Promise<DirectNumbersOutcome> {
  const { report, directory, clock } = setup;
  const times = timesOf(setup.quarantineDays, clock.now());
  const known = await readDirectNumbers(directory);
  const instance = await readInstance(readNumbers);
  if ('kind' in instance) {
    report.addRefusal({ reason: 'NUMBERS_NOT_READ' });
    return instance;
  }
  report.counts.numbers = instance.numbers.length;
  for (let left = instance.incomplete; left > 0; left -= 1)
    report.addRefusal({ reason: 'INCOMPLETE_NUMBER' });
  const { changes, misrouted, shrinkWarning } = planDirectNumbers(known, instance, times);
  if (shrinkWarning !== undefined && !acceptShrink) return { kind: 'REFUSED', warning: shrinkWarning };
  for (const { number, owner } of misrouted) {
    report.addRefusal({ reason: 'NUMBER_MISROUTED', agentId: owner.agentId, phoneNumber: number });
  }
  const listed = new Map(instance.numbers.map((one) => [one.number, one]));
  const finished = await applyDirectNumberPlan({ ...setup, times }, changes, listed);
  return { kind: finished ? 'DONE' : 'OUT_OF_TIME' };
}

/** A failure of Connect must not fail the sync of the agents, so it becomes an outcome. */
async function readInstance(
  readNumbers: () => Promise<InstanceNumbers>,
): Promise<InstanceNumbers | Extract<DirectNumbersOutcome, { kind: 'NOT_READ' }>> {
  try {
    return await readNumbers();
  } catch (error) {
    const ofConnect = error instanceof UnavailableError || error instanceof ConnectRefusedError;
    if (!ofConnect || error instanceof OutOfTimeError) throw error;
    logger.warn('phone numbers not read', { error: describeError(error) });
    count('DirectNumbersNotRead');
    const reason = error instanceof ConnectRefusedError ? error.reason : error.name;
    const message = `The phone numbers of the instance could not be read (${reason}), so no direct number was changed. The agents were.`;
    return { kind: 'NOT_READ', message };
  }
}

function timesOf(quarantineDays: number, now: number): RunTimes {
  const release = planRelease(quarantineDays, now);
  return {
    startedAt: new Date(now).toISOString(),
    ...(release.to === 'QUARANTINED' ? { heldUntil: release.dueAt } : {}),
  };
}

const PAGE_SIZE = 500;

/** Reads the direct numbers from the index. A number that was just written may be missing, so writes name what they expect. */
async function readDirectNumbers(directory: Directory): Promise<Map<string, DirectoryNumber>> {
  const known = new Map<string, DirectoryNumber>();
  const partitions = (['UNUSED', 'ASSIGNED', 'BLOCKED'] as const).map((state) =>
    poolPartition(state, DIRECT_POOL),
  );
  for (const partition of [...partitions, DUE_PARTITION]) {
    for await (const items of queryPartition(directory, partition, { pageSize: PAGE_SIZE })) {
      for (const record of items.map(numberFromItem)) {
        if (record?.pool === DIRECT_POOL) known.set(record.number, record);
      }
    }
  }
  return known;
}
