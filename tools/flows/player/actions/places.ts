import { FlowError } from '#tools/flows/player/flow/error.ts';
import type { Place } from '#tools/flows/player/instance-state.ts';
import { type Played, parameter } from './action.ts';

/**
 * The queue that an action names with QueueId or AgentId, of which it has at most one.
 *
 * @param otherwise when it names none
 * @returns undefined when there is no such queue or agent
 */
export async function placeOf(
  played: Played,
  otherwise: () => Place | undefined,
): Promise<Place | undefined> {
  const { action, call } = played;
  const names = ['QueueId', 'AgentId'].filter((name) => action.parameters[name] !== undefined);
  if (names.length === 0) return otherwise();
  if (names.length > 1) throw new FlowError('It names a queue and an agent; there may be one of them.');
  const reference = parameter(played, names[0] ?? '');
  if (!reference) return undefined;
  return names[0] === 'AgentId'
    ? call.options.instance.agent(reference)
    : call.options.instance.queue(reference);
}
