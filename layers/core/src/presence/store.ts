import {
  BatchGetCommand,
  BatchWriteCommand,
  type BatchWriteCommandInput,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Directory } from '#core/directory/table.ts';
import { chunks } from '#core/platform/chunks.ts';
import { MAX_BATCH_REQUESTS, withUnprocessedRetry } from '#core/platform/dynamodb/batch.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { type AgentEvent, isEcho } from './event.ts';
import {
  type AgentStatus,
  historyKey,
  isNewer,
  KEPT_DAYS,
  sameActivity,
  statusFromItem,
  statusKey,
} from './status.ts';

export interface Stored {
  /** Writes of a status that took effect. */
  written: number;
  /** Changes added to the history, or added again. */
  kept: number;
  /** The events that are to be delivered again, and why. */
  failed: Map<AgentEvent, unknown>;
}

/** A heartbeat of somebody of whom nothing changed is stored when what is stored is older: every second one. */
export const REFRESH_MS = 150_000;

/** DynamoDB's limits for one request. */
const KEYS_A_READ = 100;
const ITEMS_A_WRITE = 25;
const WRITES_AT_ONCE = 16;

type Writes = NonNullable<BatchWriteCommandInput['RequestItems']>;

/**
 * Stores what a batch of events says. One read for a hundred agents says whose status is older; only the newest event
 * of an agent is written, under the condition that the stored one is older still. So order and repetition do not
 * matter. Round trips: one read, as many writes as agents who changed (16 at once), one write for 25 changes.
 *
 * @param historyDays how long changes are kept; 0: not at all
 */
export async function storeEvents(
  directory: Directory,
  events: readonly AgentEvent[],
  historyDays: number,
): Promise<Stored> {
  const stored: Stored = { written: 0, kept: 0, failed: new Map() };
  const changes = historyDays === 0 ? [] : events.filter(({ change }) => change);
  await forEachConcurrent(chunks(changes, ITEMS_A_WRITE), WRITES_AT_ONCE, async (some) => {
    await noting(stored, some, async () => {
      await writeHistory(directory, some, historyDays);
      stored.kept += some.length;
    });
  });
  const newest = newestOfEach(events);
  const known = await readStatuses(directory, [...newest.keys()]);
  const due = [...newest.values()].filter(({ event, heartbeats }) =>
    mustBeWritten(event, heartbeats, known.get(event.agentId)),
  );
  await forEachConcurrent(due, WRITES_AT_ONCE, async ({ event }) => {
    await noting(stored, [event], async () => {
      if (await writeStatus(directory, event)) stored.written += 1;
    });
  });
  return stored;
}

/** A failure is told for the events it is about; Lambda delivers these again, and keeps them when that does not help. */
async function noting(stored: Stored, events: AgentEvent[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const event of events) stored.failed.set(event, error);
  }
}

/** For each agent the newest event, and whether all of the agent's events are heartbeats. */
function newestOfEach(events: readonly AgentEvent[]) {
  const newest = new Map<string, { event: AgentEvent; heartbeats: boolean }>();
  for (const event of events) {
    const before = newest.get(event.agentId);
    newest.set(event.agentId, {
      event: before === undefined ? event : newerOf(before.event, event),
      heartbeats: event.heartbeat && (before?.heartbeats ?? true),
    });
  }
  return newest;
}

function newerOf(one: AgentEvent, other: AgentEvent): AgentEvent {
  const [older, newer] = isNewer(one, other) ? [other, one] : [one, other];
  return isEcho(newer, older.activity) ? older : newer;
}

/** A change is always written, so that the stored time is never before the newest change that was delivered. */
function mustBeWritten(event: AgentEvent, heartbeats: boolean, known: AgentStatus | undefined): boolean {
  if (known === undefined) return true;
  if (!isNewer(event, known) || isEcho(event, known)) return false;
  if (!heartbeats || !sameActivity(event.activity, known)) return true;
  return Date.parse(event.eventAt) - Date.parse(known.eventAt) > REFRESH_MS;
}

/** A key that DynamoDB leaves out is taken as unknown: the condition of the write decides then. */
async function readStatuses(
  { client, table }: Directory,
  agentIds: string[],
): Promise<Map<string, AgentStatus>> {
  const statuses = new Map<string, AgentStatus>();
  await forEachConcurrent(chunks(agentIds, KEYS_A_READ), WRITES_AT_ONCE, async (ids) => {
    const request = { Keys: ids.map(statusKey) };
    const { Responses } = await client.send(new BatchGetCommand({ RequestItems: { [table]: request } }));
    for (const item of Responses?.[table] ?? []) {
      const status = statusFromItem(item);
      if (status) statuses.set(String(item.pk).slice('AGENT#'.length), status);
    }
  });
  return statuses;
}

/** @returns false when a newer event was there first */
async function writeStatus({ client, table }: Directory, event: AgentEvent): Promise<boolean> {
  const { agentId, eventAt, eventId, activity, heartbeat } = event;
  // As isEcho says; the status that was read may have been older than the one that is there.
  const noEcho = heartbeat ? ' AND since <= :since' : '';
  try {
    await client.send(
      new PutCommand({
        TableName: table,
        Item: {
          ...statusKey(agentId),
          ...activity,
          eventAt,
          eventId,
          ttl: secondsAfter(eventAt, KEPT_DAYS),
        },
        ConditionExpression:
          `attribute_not_exists(eventAt) OR eventAt < :eventAt${noEcho}` +
          ` OR eventAt = :eventAt AND eventId < :eventId${noEcho}`,
        ExpressionAttributeValues: {
          ':eventAt': eventAt,
          ':eventId': eventId,
          ...(heartbeat ? { ':since': activity.since } : {}),
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

async function writeHistory({ client, table }: Directory, events: AgentEvent[], days: number): Promise<void> {
  const items = new Map(events.map((event) => [`${event.agentId} ${event.eventAt} ${event.eventId}`, event]));
  const requests = [...items.values()].map((event) => ({
    PutRequest: {
      Item: {
        ...historyKey(event.agentId, event),
        ...event.activity,
        ttl: secondsAfter(event.eventAt, days),
      },
    },
  }));
  const done = await withUnprocessedRetry<Writes>({ [table]: requests }, async (RequestItems) => {
    const answer = await client.send(new BatchWriteCommand({ RequestItems }));
    return answer.UnprocessedItems;
  });
  if (!done) {
    throw new UnavailableError(
      'UNAVAILABLE',
      `DirectoryTable left writes unprocessed ${MAX_BATCH_REQUESTS} times.`,
    );
  }
}

function secondsAfter(eventAt: string, days: number): number {
  return Math.floor(Date.parse(eventAt) / 1000) + days * 86_400;
}
