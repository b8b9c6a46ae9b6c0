import { encodeTime } from 'ulid';
import { type Message, messageFromItem, OPEN_STATES } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { lanePartition, messageKey } from '#core/messages/table-keys.ts';
import { queryPages } from '#core/platform/dynamodb/paginate.ts';
import { MAX_OPEN_AGE_MS } from './timeouts.ts';

/** A message of a lane, or an item in its place that cannot be read as one. */
export type LaneEntry = Message | UnreadableItem;

export interface UnreadableItem {
  unreadable: { pk: string; sk: string; state: unknown };
}

/** The dispatcher reads the lane again when it has processed these. */
const LANE_PAGE_SIZE = 100;

/**
 * Reads the open messages of a lane in their order, consistently. It skips messages older than an open one can be,
 * unless the caller names one: otherwise every text would read all texts of the past month again. For the same reason, a
 * run continues after the messages that it has finished.
 *
 * @param since the ULID of the oldest message that the caller knows of
 * @param finishedUpTo the ULID up to which the caller itself has finished every message
 */
export async function readLane(
  { client, messages }: MessageTable,
  lane: string,
  since: string,
  now: number,
  finishedUpTo?: string,
): Promise<LaneEntry[]> {
  const entries: LaneEntry[] = [];
  const oldestOpen = encodeTime(Math.max(0, now - MAX_OPEN_AGE_MS), 10);
  const first = finishedUpTo ?? (since < oldestOpen ? since : oldestOpen);
  const query = {
    TableName: messages,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :upTo',
    FilterExpression: `attribute_not_exists(#state) OR #state IN (${OPEN_STATES.map((_, at) => `:open${at}`).join(', ')})`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':pk': lanePartition(lane),
      ':from': messageKey({ lane, ulid: first }).sk,
      ':upTo': messageKey({ lane, ulid: '~' }).sk,
      ...Object.fromEntries(OPEN_STATES.map((state, at) => [`:open${at}`, state])),
    },
    ConsistentRead: true,
  };
  for await (const { items } of queryPages(client, query)) {
    entries.push(...items.filter(hasOpenState).map(toLaneEntry));
    if (entries.length >= LANE_PAGE_SIZE) break;
  }
  return entries.slice(0, LANE_PAGE_SIZE);
}

function hasOpenState({ state }: Record<string, unknown>): boolean {
  return state === undefined || (OPEN_STATES as readonly unknown[]).includes(state);
}

function toLaneEntry(item: Record<string, unknown>): LaneEntry {
  const message = messageFromItem(item);
  return message && isValidMessage(message)
    ? message
    : { unreadable: { pk: String(item.pk), sk: String(item.sk), state: item.state } };
}

/** Whether a message has what its moves and its times depend on. */
function isValidMessage({ status, acceptedAt, attempts, from, ttl, segments, ...rest }: Message): boolean {
  const { notBefore, resolution, quiet } = rest;
  return (
    'dueAt' in status &&
    isTime(status.dueAt) &&
    isTime(acceptedAt) &&
    (notBefore === undefined || isTime(notBefore)) &&
    (resolution === undefined || isTime(resolution?.at)) &&
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
