import type { OperationInput, OperationResult } from '#local/stand-in/connect/operation.ts';
import { page, pageOfQuery } from '#local/stand-in/connect/paging.ts';
import type { ConnectWorld } from '#local/stand-in/connect/world.ts';

export function listQueues({ queues }: ConnectWorld, { query }: OperationInput): OperationResult {
  const types = query.getAll('queueTypes');
  const wanted = queues.filter(({ QueueType }) => types.length === 0 || types.includes(QueueType));
  const { entries, next } = page('ListQueues', wanted, ...pageOfQuery(query), 100, 1000);
  return { body: { QueueSummaryList: entries, ...next } };
}
