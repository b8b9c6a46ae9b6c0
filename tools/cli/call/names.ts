import { UsageError } from '#tools/cli/shared/usage.ts';
import type { ConnectInstance, DestinationStates } from '#tools/flows/play/index.ts';

/**
 * Looks whether those exist whose state is given; otherwise a call would be played as if nothing had been said.
 *
 * @throws {UsageError} tells which queues there are; of agents there may be thousands
 */
export async function checkNames(
  instance: Pick<ConnectInstance, 'agentNames' | 'queueNames'>,
  { agents = {}, queues = {} }: DestinationStates,
): Promise<void> {
  const queue = await missing(Object.keys(queues), instance.queueNames);
  if (queue) {
    const list = queue.known.join(', ');
    throw new UsageError(
      `--queue: no queue is called ${queue.name}. The instance has ${list || 'no queues'}.`,
    );
  }
  const agent = await missing(Object.keys(agents), instance.agentNames);
  if (agent) {
    throw new UsageError(
      `--agent: no agent is called ${agent.name}. Agents are named by user name, such as ada.martin.`,
    );
  }
}

/** Asks only when there is something to ask for. */
async function missing(
  names: string[],
  known: () => Promise<string[]>,
): Promise<{ name: string; known: string[] } | undefined> {
  if (names.length === 0) return undefined;
  const all = await known();
  const name = names.find((one) => !all.includes(one));
  return name === undefined ? undefined : { name, known: all };
}
