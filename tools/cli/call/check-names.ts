import { UsageError } from '#tools/cli/errors.ts';
import type { ConnectInstance, DestinationStates } from '#tools/flows/play/index.ts';

/**
 * Checks that every agent and queue exists whose state the command line sets. Otherwise a typing error would have no
 * effect.
 *
 * @throws {UsageError} lists the queues. It does not list the agents, because there can be thousands.
 */
export async function checkNames(
  instance: Pick<ConnectInstance, 'agentNames' | 'queueNames'>,
  { agents = {}, queues = {} }: DestinationStates,
): Promise<void> {
  const queue = await findMissing(Object.keys(queues), instance.queueNames);
  if (queue) {
    const list = queue.known.join(', ');
    throw new UsageError(
      `--queue: no queue has the name ${queue.name}. The instance has ${list || 'no queues'}.`,
    );
  }
  const agent = await findMissing(Object.keys(agents), instance.agentNames);
  if (agent) {
    throw new UsageError(`--agent: no agent has the user name ${agent.name}. An example is ada.martin.`);
  }
}

/** Sends no request if there are no names. */
async function findMissing(
  names: string[],
  known: () => Promise<string[]>,
): Promise<{ name: string; known: string[] } | undefined> {
  if (names.length === 0) return undefined;
  const all = await known();
  const name = names.find((one) => !all.includes(one));
  return name === undefined ? undefined : { name, known: all };
}
