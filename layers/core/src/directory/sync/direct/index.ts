import {
  DIRECT_POOL,
  type DirectoryNumber,
  DUE_PARTITION,
  numberFromItem,
  poolPartition,
} from '../../numbers.ts';
import { type Directory, queryIndex } from '../../table.ts';
import { applyNumbers, type NumberWork } from './apply.ts';
import type { ConnectNumbers } from './instance.ts';
import { planNumbers } from './plan.ts';

export { createConnectNumbers } from './instance.ts';

/**
 * Makes the directory's direct numbers those of the instance: adds, opens, blocks and removes. Starts from what is there
 * each time, so a run that was cut off is gone on with by the next one.
 *
 * @returns whether time was enough, and why nothing was changed when the answer of Connect cannot be true
 * @throws {OutOfTimeError} when Connect did not answer before the deadline
 */
export async function syncDirectNumbers(
  work: NumberWork,
  connect: ConnectNumbers,
  acceptShrink: boolean,
): Promise<{ finished: boolean; suspicion?: string }> {
  const { counts } = work.report;
  const known = await readKnownNumbers(work.directory);
  const instance = await connect.read(work.deadline);
  counts.numbers = instance.numbers.length;
  for (let left = instance.incomplete; left > 0; left -= 1)
    work.report.refuse({ reason: 'INCOMPLETE_NUMBER' });
  const { changes, astray, suspicion } = planNumbers(known, instance);
  if (suspicion !== undefined && !acceptShrink) return { finished: true, suspicion };
  for (const { number, owner } of astray) {
    work.report.refuse({ reason: 'NUMBER_ASTRAY', agentId: owner.agentId, phoneNumber: number });
  }
  const listed = new Map(instance.numbers.map((one) => [one.number, one]));
  return { finished: await applyNumbers(work, changes, listed) };
}

const PAGE = 500;

/** The direct numbers of the directory. One written a moment ago may be missing: writes name what they expect. */
async function readKnownNumbers(directory: Directory): Promise<Map<string, DirectoryNumber>> {
  const known = new Map<string, DirectoryNumber>();
  const partitions = (['UNUSED', 'ASSIGNED', 'BLOCKED'] as const).map((state) =>
    poolPartition(state, DIRECT_POOL),
  );
  for (const partition of [...partitions, DUE_PARTITION]) {
    for await (const items of queryIndex(directory, partition, { page: PAGE })) {
      for (const record of items.map(numberFromItem)) {
        if (record?.pool === DIRECT_POOL) known.set(record.number, record);
      }
    }
  }
  return known;
}
