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

/**
 * Makes the directory's direct numbers those of the instance: adds, opens, blocks and removes. Starts from what is there
 * each time, so a run that was cut off is gone on with by the next one.
 *
 * @returns whether time was enough; why nothing was changed when the answer of Connect cannot be true (`suspicion`), or
 * when there was none (`unread`)
 * @throws {OutOfTimeError} when Connect did not answer before the deadline
 */
export async function syncDirectNumbers(
  setup: Omit<DirectNumberContext, 'times'> & { quarantineDays: number },
  readNumbers: () => Promise<InstanceNumbers>,
  acceptShrink: boolean,
): Promise<{ finished: boolean; suspicion?: string; unread?: string }> {
  const times = timesOf(setup.quarantineDays, setup.clock.now());
  const work = { ...setup, times };
  const { counts } = work.report;
  const known = await readDirectNumbers(work.directory);
  const instance = await readInstance(readNumbers);
  if ('unread' in instance) {
    work.report.addRefusal({ reason: 'NUMBERS_NOT_READ' });
    return { finished: true, ...instance };
  }
  counts.numbers = instance.numbers.length;
  for (let left = instance.incomplete; left > 0; left -= 1)
    work.report.addRefusal({ reason: 'INCOMPLETE_NUMBER' });
  const { changes, misrouted: astray, shrinkWarning: suspicion } = planDirectNumbers(known, instance, times);
  if (suspicion !== undefined && !acceptShrink) return { finished: true, suspicion };
  for (const { number, owner } of astray) {
    work.report.addRefusal({ reason: 'NUMBER_MISROUTED', agentId: owner.agentId, phoneNumber: number });
  }
  const listed = new Map(instance.numbers.map((one) => [one.number, one]));
  return { finished: await applyDirectNumberPlan(work, changes, listed) };
}

/** That Connect fails again and again, or refuses, must not cost the agents their sync: it is told of instead. */
async function readInstance(
  readNumbers: () => Promise<InstanceNumbers>,
): Promise<InstanceNumbers | { unread: string }> {
  try {
    return await readNumbers();
  } catch (error) {
    const ofConnect = error instanceof UnavailableError || error instanceof ConnectRefusedError;
    if (!ofConnect || error instanceof OutOfTimeError) throw error;
    logger.warn('phone numbers unread', { error: describeError(error) });
    count('DirectNumbersNotRead');
    const reason = error instanceof ConnectRefusedError ? error.reason : error.name;
    const unread = `The phone numbers of the instance could not be read (${reason}), so no direct number was changed. The agents were.`;
    return { unread };
  }
}

function timesOf(quarantineDays: number, now: number): RunTimes {
  const freed = planRelease(quarantineDays, now);
  return {
    startedAt: new Date(now).toISOString(),
    ...(freed.to === 'QUARANTINED' ? { heldUntil: freed.dueAt } : {}),
  };
}

const PAGE_SIZE = 500;

/** The direct numbers of the directory. One written a moment ago may be missing: writes name what they expect. */
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
