import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  LAST_RUN_KEY,
  markExportDue,
  POOL_RANGE_KEY,
  SYNC_LEASE_KEY,
  SYNC_PARTITION,
} from '#core/directory/sync-state.ts';
import type { Directory } from '#core/directory/table.ts';
import type { Clock } from '#core/platform/clock.ts';
import { ifAttributesAre, writeIf } from '#core/platform/dynamodb/conditions.ts';
import { queryAll } from '#core/platform/dynamodb/paginate.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { createLease, type Lease } from '#core/platform/jobs/lease.ts';

/** The range that the pool of extensions must contain, and how far seeding got. */
export interface SeedRecord {
  /** The ranges that the pool must contain. */
  target: string;
  /** The ranges whose numbers the pool is known to contain. Equal to `target` when seeding is complete. */
  completed: string;
  /** How many numbers of the target were processed. */
  cursor: number;
}

/** The stored state of the sync. */
export interface SyncState {
  lease?: { holder: string; expiresAt: number };
  seed?: SeedRecord;
  lastRun?: LastRun;
}

export interface LastRun {
  status?: string;
  counts?: Record<string, number>;
  finishedAt?: string;
  /** Where the next run continues to read users. */
  nextToken?: string;
  /** When a change was made that agent_extensions.csv lacks. */
  exportDue?: string;
}

const LEASE_MS = 60_000;
const RENEW_MS = 20_000;

/** Reads lease, seed record, and last run with one consistent query. */
export async function readSyncState({ client, table }: Directory): Promise<SyncState> {
  const items = await queryAll(client, {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': SYNC_PARTITION },
    ConsistentRead: true,
  });
  const state: SyncState = {};
  for (const { pk, sk, ...item } of items) {
    if (sk === SYNC_LEASE_KEY.sk) state.lease = item as NonNullable<SyncState['lease']>;
    if (sk === POOL_RANGE_KEY.sk) state.seed = item as unknown as SeedRecord;
    if (sk === LAST_RUN_KEY.sk) state.lastRun = item as LastRun;
  }
  return state;
}

/** Keeps two full runs from working at the same time. That would be correct, but twice the work. */
export function createSyncLease({ client, table }: Directory, clock: Clock): Lease {
  return createLease(
    client,
    {
      table,
      key: SYNC_LEASE_KEY,
      leaseMs: LEASE_MS,
      renewMs: RENEW_MS,
      conflict: { code: 'SYNC_BUSY', message: 'Another sync is running. Try again when it has ended.' },
    },
    clock,
  );
}

/** Stores how a run ended. */
export async function saveLastRun({ client, table }: Directory, last: LastRun): Promise<void> {
  const { nextToken, status, counts, finishedAt } = last;
  const update = updateExpression({ set: { status, counts, finishedAt, nextToken } });
  await client.send(new UpdateCommand({ TableName: table, Key: LAST_RUN_KEY, ...update }));
}

/** Clears the mark that the export is due, unless a change set another one since. */
export async function clearExportDue({ client, table }: Directory, exportDue: string): Promise<void> {
  const update = updateExpression({ remove: ['exportDue'], when: ifAttributesAre({ exportDue }) });
  await writeIf(client.send(new UpdateCommand({ TableName: table, Key: LAST_RUN_KEY, ...update })));
}

/** Marks the export as due before the first change of a run, so that a killed run has marked it. */
export interface ExportMark {
  /** The mark of this run; undefined while it has none. */
  readonly value: string | undefined;
  set(): Promise<void>;
}

/**
 * @param enabled false when no bucket is configured for the export
 * @param now as ISO time
 */
export function createExportMark(directory: Directory, enabled: boolean, now: () => string): ExportMark {
  let marking: Promise<void> | undefined;
  let value: string | undefined;
  async function mark(): Promise<void> {
    const time = now();
    await markExportDue(directory, time);
    value = time;
  }
  return {
    get value() {
      return value;
    },
    async set() {
      if (!enabled) return;
      marking ??= mark();
      await marking;
    },
  };
}
