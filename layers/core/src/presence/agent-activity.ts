import type { KinesisStreamRecord } from 'aws-lambda';
import type { Directory } from '#core/directory/table.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';
import { count } from '#core/platform/observability.ts';
import { type AgentActivityEvent, parseAgentEvent } from './event.ts';
import { storeEvents } from './store.ts';

type Failure = RecordFailure<KinesisStreamRecord>;

/** Composes the stream processing of agent-activity. */
export function createAgentActivity(settings: { table: string; instanceArn: string; historyDays: number }) {
  const directory = { client: documentClient(), table: settings.table };
  return function processRecords(records: KinesisStreamRecord[]): Promise<Failure[]> {
    return storeAgentActivity(directory, records, settings, new Date());
  };
}

/**
 * Stores one batch of the agent event stream.
 *
 * @returns the failed records: malformed records, and records whose event was not stored
 * @throws when the stored statuses cannot be read
 */
export async function storeAgentActivity(
  directory: Directory,
  records: readonly KinesisStreamRecord[],
  { instanceArn, historyDays }: { instanceArn: string; historyDays: number },
  now: Date,
): Promise<Failure[]> {
  const { events, malformed, otherInstances } = parseRecords(records, instanceArn, now);
  const { statusesWritten, changesWritten, failed } = await storeEvents(
    directory,
    [...events.keys()],
    historyDays,
  );
  if (otherInstances > 0) count('AgentEventsOfOtherInstances', otherInstances);
  if (malformed.length > 0) count('AgentEventsMalformed', malformed.length);
  if (statusesWritten > 0) count('AgentStatusesWritten', statusesWritten);
  if (changesWritten > 0) count('AgentChangesWritten', changesWritten);
  const failures = [...events].flatMap(([event, record]) =>
    failed.has(event) ? [{ record, error: failed.get(event) }] : [],
  );
  return [...malformed, ...failures];
}

function parseRecords(records: readonly KinesisStreamRecord[], instanceArn: string, now: Date) {
  const events = new Map<AgentActivityEvent, KinesisStreamRecord>();
  const malformed: Failure[] = [];
  let otherInstances = 0;
  for (const record of records) {
    try {
      const event = parseAgentEvent(record, instanceArn, now);
      if (event) events.set(event, record);
      else otherInstances += 1;
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      malformed.push({ record, error });
    }
  }
  return { events, malformed, otherInstances };
}
