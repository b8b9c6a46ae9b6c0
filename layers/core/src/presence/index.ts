import type { KinesisStreamRecord } from 'aws-lambda';
import type { Directory } from '#core/directory/table.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';
import { count } from '#core/platform/observability.ts';
import { type AgentEvent, readAgentEvent } from './event.ts';
import { storeEvents } from './store.ts';

type Failure = RecordFailure<KinesisStreamRecord>;

/** What agent-activity does, on the table its environment names. */
export function createAgentActivity(settings: { table: string; instanceArn: string; historyDays: number }) {
  const directory = { client: documentClient(), table: settings.table };
  return function followAgents(records: KinesisStreamRecord[]): Promise<Failure[]> {
    return followBatch(directory, records, settings, new Date());
  };
}

/**
 * Keeps the status of agents in step with one batch of the agent event stream.
 *
 * @returns the records that failed: malformed ones, and those whose event could not be stored
 * @throws when the stored statuses cannot be read
 */
export async function followBatch(
  directory: Directory,
  records: readonly KinesisStreamRecord[],
  { instanceArn, historyDays }: { instanceArn: string; historyDays: number },
  now: Date,
): Promise<Failure[]> {
  const { events, malformed, foreign } = readBatch(records, instanceArn, now);
  const { written, kept, failed } = await storeEvents(directory, [...events.keys()], historyDays);
  if (foreign > 0) count('AgentEventsOfOthers', foreign);
  if (malformed.length > 0) count('AgentEventsMalformed', malformed.length);
  if (written > 0) count('AgentStatusesWritten', written);
  if (kept > 0) count('AgentChangesKept', kept);
  const failures = [...events].flatMap(([event, record]) =>
    failed.has(event) ? [{ record, error: failed.get(event) }] : [],
  );
  return [...malformed, ...failures];
}

function readBatch(records: readonly KinesisStreamRecord[], instanceArn: string, now: Date) {
  const events = new Map<AgentEvent, KinesisStreamRecord>();
  const malformed: Failure[] = [];
  let foreign = 0;
  for (const record of records) {
    try {
      const event = readAgentEvent(record, instanceArn, now);
      if (event) events.set(event, record);
      else foreign += 1;
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      malformed.push({ record, error });
    }
  }
  return { events, malformed, foreign };
}
