import type { OperationInput, OperationResult } from '#tools/local/emulators/connect/operation.ts';
import { page, pageOfQuery } from '#tools/local/emulators/connect/paging.ts';
import type { ConnectWorld } from '#tools/local/emulators/connect/world.ts';

export function listQueues({ queues }: ConnectWorld, { query }: OperationInput): OperationResult {
  const types = query.getAll('queueTypes');
  const wanted = queues.filter(({ QueueType }) => types.length === 0 || types.includes(QueueType));
  const { entries, next } = page('ListQueues', wanted, ...pageOfQuery(query), 100, 1000);
  return { body: { QueueSummaryList: entries, ...next } };
}
