import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Clock } from '#core/platform/clock.ts';
import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { SOON_MS } from './timeouts.ts';

/**
 * Asks for a run that follows what becomes due, unless the schedule comes before that. Never fails: who is not heard
 * is late by a minute at most.
 *
 * @param dueAt when something is due that the caller leaves, in milliseconds since 1970
 */
export type AskToFollow = (dueAt: number) => Promise<void>;

/** The key in IdempotencyTable of the row that everybody writes who asks; template.yaml has it in a filter. */
export const FOLLOW_KEY = 'DISPATCHER#FOLLOW';

/**
 * Who asked a moment ago does not ask again. It has to be shorter than the time between two looks of a run that
 * follows: there are two at least, and the second one sees what was left until now.
 */
const AGAIN_MS = 1_000;

/**
 * The stream of the row starts the run, and one after the other: what is asked for during a run starts the next one.
 * So nobody has to know whether somebody follows, nothing is lost when a run ends in that moment, and there are never two.
 */
export function createAskToFollow(
  { client, idempotency }: { client: DynamoDBDocumentClient; idempotency: string },
  clock: Clock,
): AskToFollow {
  let asked = Number.NEGATIVE_INFINITY;
  return async function askToFollow(dueAt) {
    const now = clock.now();
    // Either way, because clocks are set back.
    if (dueAt > now + SOON_MS || Math.abs(now - asked) < AGAIN_MS) return;
    asked = now;
    try {
      await client.send(
        new UpdateCommand({
          TableName: idempotency,
          Key: { id: FOLLOW_KEY },
          // What changes nothing has no record in the stream.
          UpdateExpression: 'ADD asked :one',
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
    } catch (error) {
      asked = Number.NEGATIVE_INFINITY;
      logger.warn('nobody follows before the schedule does', { error: describeError(error) });
    }
  };
}

/** Whether an event is records of those who ask, and not of messages. */
export function asksToFollow(event: unknown): boolean {
  const { Records } = (event ?? {}) as { Records?: unknown };
  const first: unknown = Array.isArray(Records) ? Records[0] : undefined;
  return (first as DynamoDBRecord | undefined)?.dynamodb?.Keys?.id?.S === FOLLOW_KEY;
}
