import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageTable } from '#core/messages/table.ts';
import { UnavailableError } from '#core/platform/errors.ts';

/** When the next text of an origin may leave. */
export type Slot =
  /** This slot is the caller's; times are milliseconds since 1970. */
  | TakenSlot
  /** Too many want to leave: come again then. The times that callers get are as far apart as slots are. */
  | { kind: 'LATER'; at: number };

/** `next`: where the following one begins. */
export interface TakenSlot {
  kind: 'TAKEN';
  at: number;
  next: number;
}

/** Spaces out the texts of each origin, whichever dispatcher sends them. */
export interface RateLimit {
  /**
   * @param origin what has a rate of its own: a number of ours, or the identity that all texts leave from
   * @param parts of which the text consists; providers count these
   * @param latest a slot after this time is not taken; one that is free at once always is
   * @throws {UnavailableError} `ORIGIN_BUSY`
   */
  take(origin: string, parts: number, now: number, latest: number): Promise<Slot>;
  /** Gives back a slot in which nothing leaves. It lapses when somebody took a later one meanwhile. */
  giveBack(origin: string, slot: TakenSlot): Promise<void>;
}

const ATTEMPTS = 10;

/**
 * The generic cell rate algorithm (ITU-T I.371) without a burst, its state in a row for each origin: `next` is the next
 * free slot. Each request is one conditional update, so that nobody waits for a lock.
 *
 * Who finds no slot before `latest` is given a time from a queue of its own, `tail`. It takes no slots away: a text
 * that arrives meanwhile need not wait behind thousands of a batch, and slots that were given away for tomorrow cannot
 * lapse.
 */
export function createRateLimit({ client, messages }: MessageTable, perSecond: number): RateLimit {
  const interval = 1_000 / perSecond;
  /** As far as this process knows. It saves a request, and nothing depends on it. */
  const known = new Map<string, number>();

  return {
    async take(origin, parts, now, patience) {
      const step = interval * parts;
      // Who asks when its time to wait is over already would be sent back to a time that is over as well, for ever.
      const latest = Math.max(now, patience);
      const slot = await advance(origin, 'next', { step, now, first: now, latest });
      if (slot !== undefined) return { kind: 'TAKEN', at: slot - step, next: slot };
      const later = await advance(origin, 'tail', { step, now, first: latest });
      return { kind: 'LATER', at: later === undefined ? latest : later - step };
    },

    async giveBack(origin, { at, next }) {
      const result = await update(origin, 'next', {
        UpdateExpression: 'SET #place = :at',
        ConditionExpression: '#place = :next',
        ExpressionAttributeValues: { ':at': at, ':next': next },
      });
      known.set(`next ${origin}`, result.place ?? result.stored);
    },
  };

  /** Takes the place that is free next; where the following one begins, undefined when it is after `latest`. */
  async function advance(origin: string, name: 'next' | 'tail', step: Step): Promise<number | undefined> {
    const key = `${name} ${origin}`;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const place = known.get(key) ?? 0;
      if (step.latest !== undefined && place > step.latest) return undefined;
      const result = await update(origin, name, place < step.now ? restart(step) : follow(step));
      if (result.place !== undefined) {
        known.set(key, result.place);
        return result.place;
      }
      known.set(key, result.stored);
    }
    throw new UnavailableError('ORIGIN_BUSY', 'Too many texts leave at once. Try again.');
  }

  async function update(
    origin: string,
    name: string,
    change: ReturnType<typeof restart>,
  ): Promise<{ place: number; stored?: never } | { place?: never; stored: number }> {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: messages,
          Key: { pk: `ORIGIN#${origin}`, sk: 'RATE' },
          ...change,
          ExpressionAttributeNames: { '#place': name },
          ReturnValues: 'UPDATED_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { place: Number(Attributes?.[name]) };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
      const { Item } = error as { Item?: Record<string, { N?: string }> };
      return { stored: Number(Item?.[name]?.N ?? 0) };
    }
  }
}

interface Step {
  step: number;
  now: number;
  /** Where a row that nobody has asked for a while begins. */
  first: number;
  latest?: number;
}

function restart({ step, now, first }: Step) {
  return {
    UpdateExpression: 'SET #place = :then',
    ConditionExpression: 'attribute_not_exists(#place) OR #place < :now',
    ExpressionAttributeValues: { ':now': now, ':then': first + step } as Record<string, number>,
  };
}

function follow({ step, now, latest }: Step): ReturnType<typeof restart> {
  return {
    UpdateExpression: 'SET #place = #place + :step',
    ConditionExpression: `#place >= :now${latest === undefined ? '' : ' AND #place <= :latest'}`,
    ExpressionAttributeValues: {
      ':now': now,
      ':step': step,
      ...(latest === undefined ? {} : { ':latest': latest }),
    },
  };
}
