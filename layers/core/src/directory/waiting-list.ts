import { detailsOf } from './agent-actions.ts';
import { type Agent, agentFromItem, WAITING_PARTITION } from './agents.ts';
import { assignExtension } from './assignments.ts';
import { assignFromPool, type ExtensionAllocator } from './pool.ts';
import { claimPreferred } from './preferred-extension.ts';
import type { Ranges } from './ranges.ts';
import { type Directory, queryPartition } from './table.ts';

/**
 * Gives unused extensions to the agents that wait, the one that waits longest first, until none is left.
 *
 * @param given told who got which
 * @param stop true when there is no time left
 */
export async function assignToWaitingAgents(
  directory: Directory,
  ranges: Ranges,
  supply: ExtensionAllocator,
  given: (agentId: string, extension: string) => void,
  stop: () => boolean = () => false,
): Promise<void> {
  for await (const page of queryPartition(directory, WAITING_PARTITION, { pageSize: 100 })) {
    for (const agent of page.map(agentFromItem)) {
      if (!agent || 'extension' in agent.placement) continue;
      if (stop()) return;
      const extension = await assignToWaitingAgent(directory, ranges, supply, agent);
      if (extension === 'NONE_LEFT') return;
      if (extension) given(agent.agentId, extension);
    }
  }
}

/** An agent who changed meanwhile is left to whoever changed it, and to the next run. */
async function assignToWaitingAgent(
  directory: Directory,
  ranges: Ranges,
  supply: ExtensionAllocator,
  agent: Agent,
): Promise<string | 'NONE_LEFT' | undefined> {
  // Spelled by the sync that added it, so that number-expiry needs no tables for that.
  const details = detailsOf(agent);
  const take = (extension: string) => assignExtension(directory, agent, details, extension);
  if (details.preferredExtension !== undefined) {
    const answer = await claimPreferred(directory, ranges, details, take);
    if (typeof answer === 'string') return undefined;
    if ('extension' in answer) return answer.extension;
  }
  const answer = await assignFromPool(supply, take);
  if (answer === 'NONE_LEFT') return answer;
  return typeof answer === 'string' ? undefined : answer.extension;
}
