import { type Directory, extensionOf, getAgent } from '#core/directory/index.ts';
import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import type { Deadline } from '#core/platform/resilience/deadline.ts';
import type { Policy } from '#core/platform/resilience/policy.ts';

/** The directory, and the policy for calls to it. */
export interface AgentSource {
  directory: Directory;
  callDirectory: Policy;
}

/**
 * Finds the extension of a contact's own agent, if the directory answers in time. The answer about the contact is useful
 * without it, so this function never throws.
 */
export async function findAgentExtension(
  { directory, callDirectory }: AgentSource,
  agentId: string,
  deadline: Deadline,
): Promise<string | undefined> {
  try {
    const agent = await deadline.run(() =>
      callDirectory.run((abortSignal) => getAgent(directory, agentId, { abortSignal }), deadline),
    );
    return agent && extensionOf(agent);
  } catch (error) {
    logger.warn('agent extension unavailable', { error: describeError(error) });
    return undefined;
  }
}
