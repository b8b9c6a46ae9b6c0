import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { encodeTime } from 'ulid';
import { lanePartition, messageKey } from '#core/messages/keys.ts';
import { type Message, messageFromItem, OPEN_STATES } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { OLDEST_OPEN_MS } from './timeouts.ts';
import { hasAll, whileItHolds } from './transitions.ts';

/** Enough to begin with; whoever has done these looks again. */
const PAGE = 100;

/**
 * The messages of a lane on which something is still to be done, in their order, read consistently. Older ones than
 * an open message can be are left out, unless the caller was told of one: what was sent to somebody in a month must
 * not be read again with every text. For the same reason a run goes on where it was.
 *
 * @param since the ULID that the caller was told of
 * @param done the ULID up to which the caller has ended all of them itself
 */
export async function readLane(
  { client, messages }: MessageTable,
  lane: string,
  since: string,
  now: number,
  done?: string,
): Promise<(Message | Unreadable)[]> {
  const open: (Message | Unreadable)[] = [];
  const floor = encodeTime(Math.max(0, now - OLDEST_OPEN_MS), 10);
  const first = messageKey({ lane, ulid: done ?? (since < floor ? since : floor) }).sk;
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: messages,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :upTo',
        FilterExpression: `attribute_not_exists(#state) OR #state IN (${OPEN_STATES.map((_, at) => `:open${at}`).join(', ')})`,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':pk': lanePartition(lane),
          ':from': first,
          ':upTo': messageKey({ lane, ulid: '~' }).sk,
          ...Object.fromEntries(OPEN_STATES.map((state, at) => [`:open${at}`, state])),
        },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    open.push(...Items.filter(isOpen).map(readItem));
    from = LastEvaluatedKey;
  } while (from && open.length < PAGE);
  return open.slice(0, PAGE);
}

/** An item that stands where a message should, and is none. */
export interface Unreadable {
  unreadable: { pk: string; sk: string; state: unknown };
}

function isOpen({ state }: Record<string, unknown>): boolean {
  return state === undefined || (OPEN_STATES as readonly unknown[]).includes(state);
}

function readItem(item: Record<string, unknown>): Message | Unreadable {
  const message = messageFromItem(item);
  return message && isWhole(message)
    ? message
    : { unreadable: { pk: String(item.pk), sk: String(item.sk), state: item.state } };
}

/** What a move is conditional on, and what its times are told from. */
function isWhole({ status, acceptedAt, attempts, from, ttl, segments, ...rest }: Message): boolean {
  const { notBefore, decision, quiet } = rest;
  return (
    'dueAt' in status &&
    isTime(status.dueAt) &&
    isTime(acceptedAt) &&
    (notBefore === undefined || isTime(notBefore)) &&
    (decision === undefined || isTime(decision?.at)) &&
    (quiet === undefined || (isTimeOfDay(quiet?.from) && isTimeOfDay(quiet?.until))) &&
    (status.state !== 'SENDING' || typeof status.claim === 'string') &&
    [attempts, segments, ttl].every(Number.isInteger) &&
    typeof from === 'string'
  );
}

function isTime(text: unknown): boolean {
  return typeof text === 'string' && !Number.isNaN(Date.parse(text));
}

function isTimeOfDay(text: unknown): boolean {
  return typeof text === 'string' && /^\d\d:\d\d$/.test(text);
}

/**
 * Takes such an item out of everybody's way, where a person finds it.
 *
 * @returns false when somebody else was first
 */
export async function failUnreadable(
  { client, messages }: MessageTable,
  { unreadable: { pk, sk, state } }: Unreadable,
  endedAt: string,
): Promise<boolean> {
  const request = new UpdateCommand({
    TableName: messages,
    Key: { pk, sk },
    UpdateExpression: 'SET #state = :failed, reason = :reason, endedAt = :endedAt REMOVE gsi1pk, gsi1sk',
    ConditionExpression: state === undefined ? 'attribute_not_exists(#state)' : '#state = :was',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':failed': 'FAILED',
      ':reason': 'UNREADABLE',
      ':endedAt': endedAt,
      ...(state === undefined ? {} : { ':was': state }),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  return whileItHolds(client.send(request), (item) => hasAll(item, { state: 'FAILED', endedAt }));
}
