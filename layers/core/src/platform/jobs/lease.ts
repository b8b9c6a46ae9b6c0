import { randomUUID } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '#core/platform/clock.ts';
import { writeIf } from '#core/platform/dynamodb/conditions.ts';
import { ConflictError } from '#core/platform/errors.ts';

/** Another run holds the lease. */
export class LeaseLostError extends ConflictError {
  override readonly name = 'LeaseLostError';
}

/** The right of one run to write, until a time. */
export interface Lease {
  readonly held: boolean;
  /**
   * Takes the lease, or renews it in time. Call it before each write.
   *
   * @throws {LeaseLostError} with the code of the options, when another run holds it
   */
  hold(): Promise<void>;
  release(): Promise<void>;
}

export interface LeaseOptions {
  table: string;
  /** The item of the lease: `holder` and `expiresAt`, in milliseconds since 1970. */
  key: { pk: string; sk: string };
  /** Longer than a slow write takes, and short enough for the next run after a crash. */
  leaseMs: number;
  /** The age at which the lease is renewed. */
  renewMs: number;
  /** The code and the message of the error when another run holds the lease. */
  conflict: { code: string; message: string };
}

/** A lease that no process holds yet. */
export function createLease(client: DynamoDBDocumentClient, options: LeaseOptions, clock: Clock): Lease {
  const { table, key, leaseMs, renewMs, conflict } = options;
  const holder = randomUUID();
  let heldAt: number | undefined;
  let pending: Promise<void> | undefined;

  async function take(): Promise<void> {
    const now = clock.now();
    const taken = await writeIf(
      client.send(
        new PutCommand({
          TableName: table,
          Item: { ...key, holder, expiresAt: now + leaseMs },
          ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now OR holder = :me',
          ExpressionAttributeValues: { ':now': now, ':me': holder },
        }),
      ),
    );
    heldAt = taken ? now : undefined;
    if (!taken) throw new LeaseLostError(conflict.code, conflict.message);
  }

  return {
    get held() {
      return heldAt !== undefined;
    },
    hold() {
      if (heldAt !== undefined && clock.now() - heldAt < renewMs) return Promise.resolve();
      // Writers that work at the same time share one renewal.
      pending ??= take().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    async release() {
      if (heldAt === undefined) return;
      heldAt = undefined;
      // When the condition fails, the lease expired and another run took it.
      await writeIf(
        client.send(
          new DeleteCommand({
            TableName: table,
            Key: key,
            ConditionExpression: 'holder = :me',
            ExpressionAttributeValues: { ':me': holder },
          }),
        ),
      );
    },
  };
}
