import type { Connect } from '#core/connect/connect.ts';
import { type ConnectQueue, listQueues } from '#core/connect/queues.ts';
import { ConfigurationError } from '#core/platform/errors.ts';

export interface Queues {
  operatorArn: string;
  vipArn: string;
}

/** The queue that a new instance has. */
const DEFAULT_QUEUE = 'BasicQueue';
const MAX_LISTED_QUEUES = 20;

/**
 * Finds the queues that the parameters name, by name, ID, or ARN.
 *
 * @throws {ConfigurationError} `NO_QUEUE`, with the names of the queues of the instance
 */
export async function resolveQueues(
  connect: Connect,
  { operatorQueue, vipQueue }: { operatorQueue: string; vipQueue: string },
): Promise<Queues> {
  const queues = await listQueues(connect);
  const operatorArn = resolveQueue(queues, 'OperatorQueue', operatorQueue);
  return { operatorArn, vipArn: vipQueue === '' ? operatorArn : resolveQueue(queues, 'VipQueue', vipQueue) };
}

function resolveQueue(queues: ConnectQueue[], parameter: string, wanted: string): string {
  const found = wanted === '' ? findDefaultQueue(queues) : findQueue(queues, wanted);
  if (found?.arn) return found.arn;
  if (queues.length === 0) {
    throw new ConfigurationError(
      'NO_QUEUE',
      `The instance has no queue, and ${parameter} must name one. Create a queue in Amazon Connect (Routing → Queues), and try again.`,
    );
  }
  const names = queues.map(({ name }) => name).slice(0, MAX_LISTED_QUEUES);
  throw new ConfigurationError(
    'NO_QUEUE',
    wanted === ''
      ? `The instance has no ${DEFAULT_QUEUE}. Name one of its queues in ${parameter}: ${names.join(', ')}.`
      : `${parameter} is not a queue of the instance. There are ${names.join(', ')}. ` +
          'Name one of them. If you renamed or deleted the queue in Amazon Connect, you can also restore its name there.',
  );
}

function findDefaultQueue(queues: ConnectQueue[]): ConnectQueue | undefined {
  return queues.find(({ name }) => name === DEFAULT_QUEUE) ?? (queues.length === 1 ? queues[0] : undefined);
}

/** A name in the same letters comes before one that differs in upper and lower case. */
function findQueue(queues: ConnectQueue[], wanted: string): ConnectQueue | undefined {
  return (
    queues.find(({ id, arn, name }) => [id, arn, name].includes(wanted)) ??
    queues.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  );
}
