import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import {
  OPT_OUT_SORT_KEY,
  type OptOutItem,
  putOptOutIfNewer,
  toOptOutItem,
} from '#core/messages/opt-outs/opt-out-store.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { writeIf } from '#core/platform/dynamodb/conditions.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { runJob, startJob } from '#core/platform/jobs/resumable-job.ts';
import { type ScanJobOptions, scanTable, type TableScan } from '#core/platform/jobs/table-scan.ts';
import { CipherError, decrypt, type Keyring } from '#core/platform/keys/index.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';

export interface OptOutRotation {
  status: 'done' | 'stopped';
  /** Rows moved to the newest version, rows that had it already, rows that cannot be decrypted. */
  rotated: number;
  already: number;
  failed: number;
  /** Rows on another version after the rotation: a function still writes with it, or the rows failed. */
  remaining: number;
}

type RotationCounts = 'rotated' | 'already' | 'failed' | 'remaining';

const ROTATE_CONCURRENCY = 16;
const MAX_ROTATE_ATTEMPTS = 10;

/**
 * Moves every opt-out to the newest key version, so that it is found when older versions are removed.
 *
 * A row is decrypted, written under its new hash, and then deleted under the old one. Readers read the newest version
 * last, so they find at least one of the rows. If both exist, because the rotation was stopped or the row was written
 * meanwhile, the newer opt-out applies, as always.
 */
export async function rotateOptOuts(
  target: MessageTable & { keyring: Keyring },
  options: ScanJobOptions = {},
): Promise<OptOutRotation> {
  const { client, messages, keyring } = target;
  const job = await startJob(
    {
      identity: JSON.stringify(['rotate-opt-outs', messages, keyring.newest]),
      scans: ['rotation', 'check'],
      counts: ['scanned', 'rotated', 'already', 'failed', 'remaining'],
    },
    options,
  );
  const scan = {
    TableName: messages,
    Limit: options.pageSize ?? 500,
    ConsistentRead: true,
    FilterExpression: 'sk = :row',
    ExpressionAttributeValues: { ':row': OPT_OUT_SORT_KEY },
  };
  const rotation: TableScan<RotationCounts> = {
    client,
    name: 'rotation',
    scan,
    visit: (items) => rotatePage(target, items as unknown as OptOutItem[]),
  };
  const check: TableScan<RotationCounts> = {
    client,
    name: 'check',
    scan,
    visit: async (items) => ({
      remaining: items.filter(({ keyVersion }) => keyVersion !== keyring.newest).length,
    }),
  };
  const done = await runJob(job, async () => {
    await scanTable(job, rotation, options);
    if (!options.signal?.aborted) await scanTable(job, check, options);
  });
  const { rotated, already, failed, remaining } = job.state.counts;
  return { status: done ? 'done' : 'stopped', rotated, already, failed, remaining };
}

async function rotatePage(
  target: MessageTable & { keyring: Keyring },
  items: readonly OptOutItem[],
): Promise<Record<'rotated' | 'already' | 'failed', number>> {
  const outdated = items.filter(({ keyVersion }) => keyVersion !== target.keyring.newest);
  const counts = { rotated: 0, already: items.length - outdated.length, failed: 0 };
  await forEachConcurrent(outdated, ROTATE_CONCURRENCY, async (item) => {
    counts[(await rotateRow(target, item)) ? 'rotated' : 'failed'] += 1;
  });
  return counts;
}

/** False when the row cannot be decrypted, or changed at every attempt. */
async function rotateRow(
  target: MessageTable & { keyring: Keyring },
  outdated: OptOutItem,
): Promise<boolean> {
  let row: OptOutItem | undefined = outdated;
  const outcome = await retryOnConflict(MAX_ROTATE_ATTEMPTS, async () => {
    if (!row) return true;
    const phoneNumber = decryptNumber(target.keyring, row);
    if (phoneNumber === undefined) return false;
    await putOptOutIfNewer(target, toOptOutItem(target.keyring, phoneNumber, row));
    if (await deleteUnchanged(target, row)) return true;
    row = await rereadRow(target, row);
    return CONFLICT;
  });
  return outcome === CONFLICT ? row === undefined : outcome;
}

function decryptNumber(keyring: Keyring, { pk, blob }: OptOutItem): string | undefined {
  try {
    return decrypt(keyring, { kind: 'opt-out', id: pk }, blob).toString();
  } catch (error) {
    if (error instanceof CipherError) return undefined;
    throw error;
  }
}

/** False when the row was written since it was read. The newer opt-out must be moved, too. */
async function deleteUnchanged({ client, messages }: MessageTable, row: OptOutItem): Promise<boolean> {
  const deletion = new DeleteCommand({
    TableName: messages,
    Key: { pk: row.pk, sk: row.sk },
    ConditionExpression: 'attribute_not_exists(pk) OR (#at = :at AND #state = :state)',
    ExpressionAttributeNames: { '#at': 'at', '#state': 'state' },
    ExpressionAttributeValues: { ':at': row.at, ':state': row.state },
  });
  return writeIf(client.send(deletion));
}

async function rereadRow({ client, messages }: MessageTable, { pk, sk }: OptOutItem) {
  const { Item } = await client.send(
    new GetCommand({ TableName: messages, Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item as OptOutItem | undefined;
}
