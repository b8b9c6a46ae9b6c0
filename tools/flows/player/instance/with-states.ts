import type { Place } from '#tools/flows/player/instance-state.ts';
import { inState, type States } from '#tools/flows/player/states.ts';
import type { CallInstance } from './index.ts';

/**
 * The same instance, its agents and queues as one call wants them. Agents are named by user name, queues by name.
 *
 * @throws {StateError} when the place is looked at, and its state is none
 */
export function withStates(instance: CallInstance, { agents = {}, queues = {} }: States): CallInstance {
  return {
    ...instance,
    agent: async (reference) => changed(await instance.agent(reference), agents),
    queue: async (reference) => changed(await instance.queue(reference), queues),
  };
}

function changed(place: Place | undefined, states: Readonly<Record<string, string>>): Place | undefined {
  const state = place && Object.hasOwn(states, place.key) ? states[place.key] : undefined;
  return place && state !== undefined ? inState(place, state) : place;
}
