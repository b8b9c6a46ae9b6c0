import { type AgentState, agentPlace, type CallInstance, type Place, queuePlace } from './instance-state.ts';

/** How a place can be made for one call; `answers:30` is another. */
const AGENT_STATES = ['available', 'busy', 'away', 'offline', 'silent', 'full'] as const;
const QUEUE_STATES = ['open', 'unstaffed', 'silent', 'full'] as const;

/** Who is how in a call: `{ 'ada.martin': 'away' }`, `{ BasicQueue: 'full' }`. */
export interface States {
  agents?: Readonly<Record<string, string>>;
  queues?: Readonly<Record<string, string>>;
}

/** What was said of a state is none. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

/**
 * Looks whether a state is one, before there is a place to put into it.
 *
 * @throws {StateError} names the states there are
 */
export function checkState(kind: Place['kind'], state: string): void {
  const nobody = { id: '', arn: '', name: '', key: '' };
  inState(kind === 'agent' ? agentPlace({ ...nobody, state: 'AVAILABLE' }) : queuePlace(nobody), state);
}

/**
 * A place as a call wants it.
 *
 * @throws {StateError} names the states there are
 */
export function inState(place: Place, state: string): Place {
  const [, seconds] = /^answers:(\d+)$/.exec(state) ?? [];
  const agent = place.kind === 'agent';
  if (seconds !== undefined) {
    const ready = agent ? agentPlace({ ...place, state: 'AVAILABLE' }) : staffed(place);
    return { ...ready, answeredAfterSeconds: Number(seconds) };
  }
  return agent ? agentIn(place, state) : queueIn(place, state);
}

function agentIn(place: Place, state: string): Place {
  switch (state) {
    case 'available':
    case 'busy':
    case 'away':
    case 'offline':
      return agentPlace({ ...place, state: state.toUpperCase() as AgentState });
    case 'silent':
      return { ...agentPlace({ ...place, state: 'AVAILABLE' }), answeredAfterSeconds: undefined };
    case 'full':
      return full(agentPlace({ ...place, state: 'AVAILABLE' }));
    default:
      throw noState(state, AGENT_STATES);
  }
}

function queueIn(place: Place, state: string): Place {
  switch (state) {
    case 'open':
      return staffed(place);
    case 'unstaffed': {
      const nobody = { online: 0, staffed: 0, available: 0 };
      return { ...place, agents: nobody, answeredAfterSeconds: undefined };
    }
    case 'silent':
      return { ...staffed(place), answeredAfterSeconds: undefined };
    case 'full':
      return full(staffed(place));
    default:
      throw noState(state, QUEUE_STATES);
  }
}

function staffed(place: Place): Place {
  return { ...place, agents: { online: 1, staffed: 1, available: 1 } };
}

function full(place: Place): Place {
  return { ...place, waiting: place.capacity };
}

function noState(state: string, states: readonly string[]): StateError {
  return new StateError(`"${state}" is no state; there are ${states.join(', ')} and answers:SECONDS.`);
}

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
