import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Directory } from '#core/directory/table.ts';
import { chunks } from '#core/platform/chunks.ts';
import { batchGet, batchWrite } from '#core/platform/dynamodb/batch.ts';
import { writeIf } from '#core/platform/dynamodb/conditions.ts';
import { forEachConcurrent } from '#core/platform/resilience/concurrency.ts';
import { type AgentActivityEvent, isStaleHeartbeat } from './event.ts';
import {
  historyKey,
  isNewerEvent,
  STATUS_TTL_DAYS,
  type StoredAgentStatus,
  sameActivity,
  statusFromItem,
  statusKey,
} from './status.ts';

export interface StoreResult {
  /** Statuses that were written. */
  statusesWritten: number;
  /** Changes that were written to the history, redelivered changes included. */
  changesWritten: number;
  /** The events to deliver again, with the error of each. */
  failed: Map<AgentActivityEvent, unknown>;
}

/** A heartbeat without a change is stored when the stored event is older than this: about every second heartbeat. */
export const MIN_HEARTBEAT_WRITE_MS = 150_000;

/** One request writes 25 changes, so that a failure concerns 25 events only. */
const WRITE_BATCH_SIZE = 25;
const WRITE_CONCURRENCY = 16;

/**
 * Stores a batch of events. One read returns the stored statuses of 100 agents. Only the newest event of an agent is
 * written, and only while the stored event is older, so the order and the redelivery of events do not matter. Requests:
 * one read for 100 agents, one write for each changed agent (16 in parallel), one write for 25 changes.
 *
 * @param historyDays how long changes are stored. With 0, no change is stored.
 */
export async function storeEvents(
  directory: Directory,
  events: readonly AgentActivityEvent[],
  historyDays: number,
): Promise<StoreResult> {
  const stored: StoreResult = { statusesWritten: 0, changesWritten: 0, failed: new Map() };
  const changes = historyDays === 0 ? [] : events.filter(({ change }) => change);
  await forEachConcurrent(chunks(changes, WRITE_BATCH_SIZE), WRITE_CONCURRENCY, async (some) => {
    await collectFailure(stored, some, async () => {
      await writeHistory(directory, some, historyDays);
      stored.changesWritten += some.length;
    });
  });
  const newest = newestByAgent(events);
  const statuses = await readStatuses(directory, [...newest.keys()]);
  const changed = [...newest.values()].filter(({ event, heartbeats }) =>
    shouldWriteStatus(event, heartbeats, statuses.get(event.agentId)),
  );
  await forEachConcurrent(changed, WRITE_CONCURRENCY, async ({ event }) => {
    await collectFailure(stored, [event], async () => {
      if (await writeStatus(directory, event)) stored.statusesWritten += 1;
    });
  });
  return stored;
}

/** Reports a failure for its events only. Lambda delivers these again, then sends them to its failure destination. */
async function collectFailure(
  stored: StoreResult,
  events: AgentActivityEvent[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const event of events) stored.failed.set(event, error);
  }
}

/** The newest event of each agent, and whether all of the agent's events are heartbeats. */
function newestByAgent(events: readonly AgentActivityEvent[]) {
  const newest = new Map<string, { event: AgentActivityEvent; heartbeats: boolean }>();
  for (const event of events) {
    const before = newest.get(event.agentId);
    newest.set(event.agentId, {
      event: before === undefined ? event : newestOf(before.event, event),
      heartbeats: event.heartbeat && (before?.heartbeats ?? true),
    });
  }
  return newest;
}

function newestOf(one: AgentActivityEvent, other: AgentActivityEvent): AgentActivityEvent {
  const [older, newer] = isNewerEvent(one, other) ? [other, one] : [one, other];
  return isStaleHeartbeat(newer, older.activity) ? older : newer;
}

/** A change is always written, so that the stored time is never before the newest delivered change. */
function shouldWriteStatus(
  event: AgentActivityEvent,
  heartbeats: boolean,
  stored: StoredAgentStatus | undefined,
): boolean {
  if (stored === undefined) return true;
  if (!isNewerEvent(event, stored) || isStaleHeartbeat(event, stored)) return false;
  if (!heartbeats || !sameActivity(event.activity, stored)) return true;
  return Date.parse(event.eventAt) - Date.parse(stored.eventAt) > MIN_HEARTBEAT_WRITE_MS;
}

async function readStatuses(
  { client, table }: Directory,
  agentIds: string[],
): Promise<Map<string, StoredAgentStatus>> {
  const agentIdOf = new Map(agentIds.map((agentId) => [statusKey(agentId).pk, agentId]));
  const items = await batchGet(client, table, agentIds.map(statusKey));
  return new Map(
    items.flatMap((item) => {
      const status = statusFromItem(item);
      const agentId = agentIdOf.get(String(item.pk));
      return status && agentId !== undefined ? [[agentId, status]] : [];
    }),
  );
}

/** @returns false when the stored event is newer */
function writeStatus({ client, table }: Directory, event: AgentActivityEvent): Promise<boolean> {
  const { agentId, eventAt, eventId, activity, heartbeat } = event;
  // The condition of isStaleHeartbeat, because the stored status may have changed since the read.
  const notStale = heartbeat ? ' AND since <= :since' : '';
  return writeIf(
    client.send(
      new PutCommand({
        TableName: table,
        Item: {
          ...statusKey(agentId),
          ...activity,
          eventAt,
          eventId,
          ttl: secondsAfter(eventAt, STATUS_TTL_DAYS),
        },
        ConditionExpression:
          `attribute_not_exists(eventAt) OR eventAt < :eventAt${notStale}` +
          ` OR eventAt = :eventAt AND eventId < :eventId${notStale}`,
        ExpressionAttributeValues: {
          ':eventAt': eventAt,
          ':eventId': eventId,
          ...(heartbeat ? { ':since': activity.since } : {}),
        },
      }),
    ),
  );
}

async function writeHistory(
  { client, table }: Directory,
  events: AgentActivityEvent[],
  days: number,
): Promise<void> {
  // A batch must not contain a key twice, and Lambda can deliver an event twice.
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
  await batchWrite(client, table, requests);
}

function secondsAfter(eventAt: string, days: number): number {
  return Math.floor(Date.parse(eventAt) / 1000) + days * 86_400;
}
