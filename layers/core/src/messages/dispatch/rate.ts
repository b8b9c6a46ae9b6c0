import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageTable } from '#core/messages/table.ts';
import { rateKey } from '#core/messages/table-keys.ts';
import { attemptWrite, ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { type UpdateExpression, updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { UnavailableError } from '#core/platform/errors.ts';

/** When the next text of an origin may leave. */
export type Slot =
  | TakenSlot
  /** The origin has no slot in time. Try again then. The times of several callers are as far apart as slots are. */
  | { kind: 'QUEUED'; at: number };

/** A slot that belongs to the caller. Times are milliseconds since 1970; `next` is where the following slot begins. */
export interface TakenSlot {
  kind: 'TAKEN';
  at: number;
  next: number;
}

/** Spaces the texts of each origin, whichever dispatcher sends them. */
export interface RateLimit {
  /**
   * @param origin what has a rate of its own: a phone number, or the identity that sends every text
   * @param parts how many parts the text has, because providers count parts
   * @param latest take no slot after this time; a slot that is free now is always taken
   * @throws {UnavailableError} `ORIGIN_BUSY`
   */
  takeSlot(origin: string, parts: number, now: number, latest: number): Promise<Slot>;
  /** Returns a slot that is not used. The slot is lost when another caller has taken a later one. */
  releaseSlot(origin: string, slot: TakenSlot): Promise<void>;
}

const MAX_SLOT_ATTEMPTS = 10;

/**
 * The generic cell rate algorithm (ITU-T I.371) without a burst. Each origin has a row in which `next` is the next free
 * slot. A request is one conditional update, so no caller waits for a lock.
 *
 * A caller that finds no slot before `latest` gets a time from a separate queue, `tail`. That time takes no slot away.
 * So a new text does not wait behind thousands of a batch, and no slot for tomorrow can be lost.
 */
export function createRateLimit({ client, messages }: MessageTable, perSecond: number): RateLimit {
  const interval = 1_000 / perSecond;
  /** The rows as this process last saw them. The copy saves a request; correctness does not depend on it. */
  const lastSeen = new Map<string, number>();

  return {
    async takeSlot(origin, parts, now, waitUntil) {
      const step = interval * parts;
      // A caller whose waiting time is over already would otherwise get a time in the past, again and again.
      const latest = Math.max(now, waitUntil);
      const next = await reserve(origin, 'next', { step, now, first: now, latest });
      if (next !== undefined) return { kind: 'TAKEN', at: next - step, next };
      const tail = await reserve(origin, 'tail', { step, now, first: latest });
      return { kind: 'QUEUED', at: tail === undefined ? latest : tail - step };
    },

    async releaseSlot(origin, { at, next }) {
      const update = updateExpression({ set: { next: at }, when: ifAttributesAre({ next }) });
      const result = await updateRow(origin, 'next', update);
      lastSeen.set(`next ${origin}`, result.place ?? result.stored);
    },
  };

  /** Reserves the next free place. Returns where the following one begins; undefined when that is after `latest`. */
  async function reserve(
    origin: string,
    name: 'next' | 'tail',
    request: PlaceRequest,
  ): Promise<number | undefined> {
    const key = `${name} ${origin}`;
    const outcome = await retryOnConflict(MAX_SLOT_ATTEMPTS, async () => {
      const place = lastSeen.get(key) ?? 0;
      if (request.latest !== undefined && place > request.latest) return undefined;
      const update = place < request.now ? restartRow(name, request) : appendToRow(name, request);
      const result = await updateRow(origin, name, update);
      lastSeen.set(key, result.place ?? result.stored);
      return result.place ?? CONFLICT;
    });
    if (outcome !== CONFLICT) return outcome;
    throw new UnavailableError(
      'ORIGIN_BUSY',
      'takeSlot: too many dispatchers use this origin at the same time; retry.',
    );
  }

  async function updateRow(
    origin: string,
    name: string,
    update: UpdateExpression,
  ): Promise<{ place: number; stored?: never } | { place?: never; stored: number }> {
    const request = new UpdateCommand({
      TableName: messages,
      Key: rateKey(origin),
      ...update,
      ReturnValues: 'UPDATED_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const outcome = await attemptWrite(client.send(request));
    if (outcome.kind === 'WRITTEN') return { place: Number(outcome.output.Attributes?.[name]) };
    return { stored: Number(outcome.stored?.[name] ?? 0) };
  }
}

interface PlaceRequest {
  step: number;
  now: number;
  /** Where a row begins that was idle. */
  first: number;
  latest?: number;
}

function restartRow(name: string, { step, now, first }: PlaceRequest): UpdateExpression {
  return updateExpression({
    set: { [name]: first + step },
    when: {
      ConditionExpression: `attribute_not_exists(#${name}) OR #${name} < :now`,
      ExpressionAttributeValues: { ':now': now },
    },
  });
}

function appendToRow(name: string, { step, now, latest }: PlaceRequest): UpdateExpression {
  return updateExpression({
    add: { [name]: step },
    when: {
      ConditionExpression: `#${name} >= :now${latest === undefined ? '' : ` AND #${name} <= :latest`}`,
      ExpressionAttributeValues: { ':now': now, ...(latest === undefined ? {} : { ':latest': latest }) },
    },
  });
}

/** The origins that had no slot, each with the time until which the stream does not wait for it. */
export type BusyOrigins = Map<string, number>;

/** The stream does not wait for an origin for this time after it had no slot. */
const BUSY_ORIGIN_MS = 30_000;

/**
 * Limits how long a batch of the stream waits for slots, because texts of other origins are behind it. It waits until
 * `latest`, and for an origin without a slot only once in 30 seconds. Meanwhile, a text of that origin takes a free slot
 * or is queued, and the batch continues.
 *
 * @param busyOrigins is shared by the batches of a process
 * @param latest wait for no slot after this time, in milliseconds since 1970
 */
export function limitWaiting(rate: RateLimit, busyOrigins: BusyOrigins, latest: number): RateLimit {
  return {
    ...rate,
    async takeSlot(origin, parts, now) {
      const mayWait = now >= (busyOrigins.get(origin) ?? 0);
      const slot = await rate.takeSlot(origin, parts, now, mayWait ? Math.max(now, latest) : now);
      if (slot.kind === 'QUEUED' && mayWait) busyOrigins.set(origin, now + BUSY_ORIGIN_MS);
      return slot;
    },
  };
}
