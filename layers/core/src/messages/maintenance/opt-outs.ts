import { DeleteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { OPT_OUT, type OptOutItem, putIfNewer, toItem } from '#core/messages/opt-outs/store.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { runJob, startJob } from '#core/platform/jobs/resumable-job.ts';
import { type ScanJobOptions, scanTable, type TableScan } from '#core/platform/jobs/table-scan.ts';
import { CipherError, decrypt, type Keyring } from '#core/platform/keys/index.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';

export interface OptOutRotation {
  status: 'done' | 'stopped';
  /** Rows moved, rows found on the newest version, rows that cannot be opened. */
  rotated: number;
  already: number;
  failed: number;
  /** Rows on another version when all were moved: somebody writes with it, or they failed. */
  remaining: number;
}

type Counts = 'rotated' | 'already' | 'failed' | 'remaining';

const MOVES_AT_ONCE = 16;
const ROUNDS = 10;

/**
 * Moves every opt-out to the newest key version, so that it is found when older ones are in use no more.
 *
 * A row is opened, written under its new hash, and only then deleted under the old one. Readers ask for the newest
 * version last, so they meet the one or the other. Where both are there, killed in between or written meanwhile, the
 * newer wish counts, as always.
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
    ExpressionAttributeValues: { ':row': OPT_OUT },
  };
  const rotation: TableScan<Counts> = {
    client,
    name: 'rotation',
    scan,
    visit: (items) => rotatePage(target, items as unknown as OptOutItem[]),
  };
  const check: TableScan<Counts> = {
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
  await forEachConcurrent(outdated, MOVES_AT_ONCE, async (item) => {
    counts[(await move(target, item)) ? 'rotated' : 'failed'] += 1;
  });
  return counts;
}

/** False when the row cannot be opened, or changed all the while. */
async function move(target: MessageTable & { keyring: Keyring }, old: OptOutItem): Promise<boolean> {
  let row: OptOutItem | undefined = old;
  for (let round = 0; row && round < ROUNDS; round++) {
    const phoneNumber = opened(target.keyring, row);
    if (phoneNumber === undefined) return false;
    await putIfNewer(target, toItem(target.keyring, phoneNumber, row));
    if (await deleteUnchanged(target, row)) return true;
    row = await readAgain(target, row);
  }
  return row === undefined;
}

function opened(keyring: Keyring, { pk, blob }: OptOutItem): string | undefined {
  try {
    return decrypt(keyring, { kind: 'opt-out', id: pk }, blob).toString();
  } catch (error) {
    if (error instanceof CipherError) return undefined;
    throw error;
  }
}

/** False when somebody wrote the row since it was read, with a newer wish that has to be moved too. */
async function deleteUnchanged({ client, messages }: MessageTable, row: OptOutItem): Promise<boolean> {
  try {
    await client.send(
      new DeleteCommand({
        TableName: messages,
        Key: { pk: row.pk, sk: row.sk },
        ConditionExpression: 'attribute_not_exists(pk) OR (#at = :at AND #state = :state)',
        ExpressionAttributeNames: { '#at': 'at', '#state': 'state' },
        ExpressionAttributeValues: { ':at': row.at, ':state': row.state },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

async function readAgain({ client, messages }: MessageTable, { pk, sk }: OptOutItem) {
  const { Item } = await client.send(
    new GetCommand({ TableName: messages, Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item as OptOutItem | undefined;
}
