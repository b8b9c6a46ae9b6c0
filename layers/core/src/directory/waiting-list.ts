import { detailsOf } from './agent-actions.ts';
import { type Agent, agentFromItem, WAITING_PARTITION } from './agents.ts';
import { assignExtension } from './assignments.ts';
import { assignFromPool, type ExtensionAllocator, type PoolOutcome } from './pool.ts';
import { claimPreferred, type PreferenceOutcome } from './preferred-extension.ts';
import type { Ranges } from './ranges.ts';
import { type Directory, queryPartition } from './table.ts';

const PAGE_SIZE = 100;

/**
 * Assigns unused extensions to the agents on the waiting list, the longest wait first, until the pool is exhausted. An
 * agent that another write changes at the same time keeps waiting until the next run.
 *
 * @param onAssigned called for each agent that got an extension
 * @param stop true when there is no time left
 */
export async function assignToWaitingAgents(
  directory: Directory,
  ranges: Ranges,
  allocator: ExtensionAllocator,
  onAssigned: (agentId: string, extension: string) => void,
  stop: () => boolean = () => false,
): Promise<void> {
  for await (const page of queryPartition(directory, WAITING_PARTITION, { pageSize: PAGE_SIZE })) {
    for (const agent of page.map(agentFromItem)) {
      if (!agent || 'extension' in agent.placement) continue;
      if (stop()) return;
      const outcome = await assignToWaitingAgent(directory, ranges, allocator, agent);
      if (outcome.kind === 'EXHAUSTED') return;
      if (outcome.kind === 'ASSIGNED') onAssigned(agent.agentId, outcome.extension);
    }
  }
}

async function assignToWaitingAgent(
  directory: Directory,
  ranges: Ranges,
  allocator: ExtensionAllocator,
  agent: Agent,
): Promise<PoolOutcome | PreferenceOutcome> {
  // With the stored spellings, so that number-expiry does not load the tables of any-ascii.
  const details = detailsOf(agent);
  const assign = (extension: string) => assignExtension(directory, agent, details, extension);
  if (details.preferredExtension !== undefined) {
    const outcome = await claimPreferred(directory, ranges, details, assign);
    if (outcome.kind !== 'REFUSED') return outcome;
  }
  return assignFromPool(allocator, assign);
}
