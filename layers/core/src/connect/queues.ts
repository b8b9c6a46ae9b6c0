import { paginateListQueues } from '@aws-sdk/client-connect';
import type { Connect } from './connect.ts';

export interface ConnectQueue {
  id: string;
  arn: string;
  name: string;
}

/** The queues of the instance that are not an agent's own. */
export async function listQueues({ client, instanceId }: Connect): Promise<ConnectQueue[]> {
  const queues: ConnectQueue[] = [];
  const pages = paginateListQueues(
    { client, pageSize: 1_000 },
    { InstanceId: instanceId, QueueTypes: ['STANDARD'] },
  );
  for await (const { QueueSummaryList = [] } of pages) {
    queues.push(
      ...QueueSummaryList.map(({ Id = '', Arn = '', Name = '' }) => ({ id: Id, arn: Arn, name: Name })),
    );
  }
  return queues;
}
