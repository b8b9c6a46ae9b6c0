import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Clock } from '#core/platform/clock.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { WAKE_UP_HORIZON_MS } from './timeouts.ts';

/**
 * Requests a run that sends the due messages, unless the scheduled run comes first. It never throws: a lost request
 * delays a text by up to one minute.
 *
 * @param dueAt when the message that the caller leaves is due, in milliseconds since 1970
 */
export type RequestWakeUp = (dueAt: number) => Promise<void>;

/** The key of the wake-up row in IdempotencyTable. The template filters the stream by it. */
export const WAKE_UP_KEY = 'DISPATCHER#WAKE_UP';

/**
 * A process requests at most one wake-up in this time. It must be shorter than the interval between two passes of a
 * draining run: the run makes two passes at least, and the second one sees what was left until now.
 */
const MIN_WAKE_UP_INTERVAL_MS = 1_000;

/**
 * The stream of the wake-up row starts the draining run, one at a time: a request during a run starts the next one. So
 * no process needs to know whether a run is active, no request is lost when a run ends, and two runs never overlap.
 */
export function createWakeUp(
  { client, idempotency }: { client: DynamoDBDocumentClient; idempotency: string },
  clock: Clock,
): RequestWakeUp {
  let requestedAt = Number.NEGATIVE_INFINITY;
  return async function requestWakeUp(dueAt) {
    const now = clock.now();
    // The difference counts in both directions, because a clock can be set back.
    if (dueAt > now + WAKE_UP_HORIZON_MS || Math.abs(now - requestedAt) < MIN_WAKE_UP_INTERVAL_MS) return;
    requestedAt = now;
    try {
      await client.send(
        new UpdateCommand({
          TableName: idempotency,
          Key: { id: WAKE_UP_KEY },
          // A write that changes nothing has no record in the stream.
          ...updateExpression({ add: { wakeUps: 1 } }),
        }),
      );
    } catch (error) {
      requestedAt = Number.NEGATIVE_INFINITY;
      logger.warn('the dispatcher could not request a wake-up; the scheduled run sends what is due', {
        error: describeError(error),
      });
    }
  };
}

/** Whether an event carries changes of the wake-up row, not of messages. */
export function isWakeUp(event: unknown): boolean {
  const { Records } = (event ?? {}) as { Records?: unknown };
  const first: unknown = Array.isArray(Records) ? Records[0] : undefined;
  return (first as DynamoDBRecord | undefined)?.dynamodb?.Keys?.id?.S === WAKE_UP_KEY;
}
