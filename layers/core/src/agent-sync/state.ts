import { randomUUID } from 'node:crypto';
import { DeleteCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { LAST_RUN_KEY } from '#core/directory/export-mark.ts';
import { POOL_RANGE_KEY } from '#core/directory/numbers.ts';
import type { Directory } from '#core/directory/table.ts';
import type { Clock } from '#core/platform/clock.ts';
import { ConflictError } from '#core/platform/errors.ts';

/** What the pool was last told to hold, and how far that got. */
export interface SeedRecord {
  /** The ranges the pool shall hold. */
  target: string;
  /** The ranges it holds for certain; equal to `target` when seeding is complete. */
  completed: string;
  /** How many of the target's numbers were gone through. */
  cursor: number;
}

/** What is stored about syncs. */
export interface SyncState {
  lease?: { holder: string; expiresAt: number };
  seed?: SeedRecord;
  lastRun?: LastRun;
}

export interface LastRun {
  status?: string;
  counts?: Record<string, number>;
  finishedAt?: string;
  /** Where reading Connect goes on. */
  nextToken?: string;
  /** There are changes that agent_extensions.csv does not have yet. */
  exportDue?: string;
}

const LEASE_KEY = { pk: 'SYNC', sk: 'LEASE' };

/** Long enough for a slow write, short enough not to hold up the next run after a crash. */
const LEASE_MS = 60_000;
const RENEW_MS = 20_000;

/** Reads lease, seed and last result with one consistent Query. */
export async function readSyncState({ client, table }: Directory): Promise<SyncState> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': POOL_RANGE_KEY.pk },
      ConsistentRead: true,
    }),
  );
  const state: SyncState = {};
  for (const { pk, sk, ...item } of Items) {
    if (sk === LEASE_KEY.sk) state.lease = item as NonNullable<SyncState['lease']>;
    if (sk === POOL_RANGE_KEY.sk) state.seed = item as SeedRecord;
    if (sk === LAST_RUN_KEY.sk) state.lastRun = item as LastRun;
  }
  return state;
}

/** Another run is at work. */
export class LeaseLostError extends ConflictError {
  override readonly name = 'LeaseLostError';
}

/** Keeps full runs from working side by side, which would be correct but twice the work. */
export interface SyncLease {
  readonly taken: boolean;
  /**
   * Takes the lease, or renews it in time.
   *
   * @throws {LeaseLostError} when another run has it
   */
  hold(): Promise<void>;
  release(): Promise<void>;
}

export function createSyncLease({ client, table }: Directory, clock: Clock): SyncLease {
  const holder = randomUUID();
  let heldAt: number | undefined;
  let pending: Promise<void> | undefined;

  async function take(): Promise<void> {
    const now = clock.now();
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { ...LEASE_KEY, holder, expiresAt: now + LEASE_MS },
          ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now OR holder = :me',
          ExpressionAttributeValues: { ':now': now, ':me': holder },
        }),
      );
    } catch (cause) {
      if (!(cause instanceof Error) || cause.name !== 'ConditionalCheckFailedException') throw cause;
      heldAt = undefined;
      throw new LeaseLostError('SYNC_BUSY', 'Another sync is at work.', { cause });
    }
    heldAt = now;
  }

  return {
    get taken() {
      return heldAt !== undefined;
    },
    hold() {
      if (heldAt !== undefined && clock.now() - heldAt < RENEW_MS) return Promise.resolve();
      pending ??= take().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    async release() {
      if (heldAt === undefined) return;
      heldAt = undefined;
      try {
        await client.send(
          new DeleteCommand({
            TableName: table,
            Key: LEASE_KEY,
            ConditionExpression: 'holder = :me',
            ExpressionAttributeValues: { ':me': holder },
          }),
        );
      } catch (error) {
        // It ran out and another run has it now.
        if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      }
    },
  };
}

/** Stores how a run ended. */
export async function saveLastRun({ client, table }: Directory, last: LastRun): Promise<void> {
  const { nextToken, status, counts, finishedAt } = last;
  await client.send(
    new UpdateCommand({
      TableName: table,
      Key: LAST_RUN_KEY,
      UpdateExpression: `SET #status = :status, counts = :counts, finishedAt = :finishedAt${
        nextToken === undefined ? ' REMOVE nextToken' : ', nextToken = :nextToken'
      }`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':status': status,
        ':counts': counts,
        ':finishedAt': finishedAt,
        ...(nextToken === undefined ? {} : { ':nextToken': nextToken }),
      },
    }),
  );
}

/** Says that agent_extensions.csv is up to date, unless something changed while it was written. */
export async function clearExportDue({ client, table }: Directory, mark: string): Promise<void> {
  try {
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: LAST_RUN_KEY,
        UpdateExpression: 'REMOVE exportDue',
        ConditionExpression: 'exportDue = :mark',
        ExpressionAttributeValues: { ':mark': mark },
      }),
    );
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  }
}
