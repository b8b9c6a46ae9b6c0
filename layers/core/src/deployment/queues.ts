import { ListQueuesCommand, type QueueSummary } from '@aws-sdk/client-connect';
import { ConfigurationError } from '#core/platform/errors.ts';
import { allPages } from '#core/platform/pages.ts';
import type { ConnectCalls } from './connect.ts';

export interface Queues {
  operatorArn: string;
  vipArn: string;
}

/** What a new instance calls the queue that it comes with. */
const USUAL_QUEUE = 'BasicQueue';

/**
 * Finds the queues by name, id or ARN.
 *
 * @throws {ConfigurationError} `NO_QUEUE`, with the names that there are
 */
export async function findQueues(
  { ask, client, instanceId }: ConnectCalls,
  wanted: { operatorQueue: string; vipQueue: string },
): Promise<Queues> {
  const queues = await allPages(async (token) => {
    const { QueueSummaryList, NextToken } = await ask('ListQueues', () =>
      client.send(
        new ListQueuesCommand({
          InstanceId: instanceId,
          QueueTypes: ['STANDARD'],
          MaxResults: 1000,
          NextToken: token,
        }),
      ),
    );
    return { entries: QueueSummaryList, next: NextToken };
  });
  const operatorArn = findQueue(queues, 'OperatorQueue', wanted.operatorQueue);
  const vipArn = wanted.vipQueue === '' ? operatorArn : findQueue(queues, 'VipQueue', wanted.vipQueue);
  return { operatorArn, vipArn };
}

function findQueue(queues: QueueSummary[], parameter: string, wanted: string): string {
  const found =
    wanted === ''
      ? (queues.find(({ Name }) => Name === USUAL_QUEUE) ?? (queues.length === 1 ? queues[0] : undefined))
      : (queues.find(({ Id, Arn, Name }) => [Id, Arn, Name].includes(wanted)) ??
        queues.find(({ Name }) => Name?.toLowerCase() === wanted.toLowerCase()));
  if (found?.Arn) return found.Arn;
  if (queues.length === 0) {
    throw new ConfigurationError(
      'NO_QUEUE',
      `The instance has no queue, and ${parameter} must name one. Create a queue in Amazon Connect (Routing → Queues), and try again.`,
    );
  }
  const names = queues.map(({ Name }) => Name).slice(0, 20);
  throw new ConfigurationError(
    'NO_QUEUE',
    wanted === ''
      ? `The instance has no ${USUAL_QUEUE}. Name one of its queues in ${parameter}: ${names.join(', ')}.`
      : `${parameter} is not a queue of the instance. There are ${names.join(', ')}. ` +
          'Name one of them; a queue that was renamed or deleted in Amazon Connect may get its name again there.',
  );
}
