import {
  type AgentState,
  agentDestination,
  type CallInstance,
  type Destination,
  queueDestination,
} from './instance-state.ts';

/** How a place can be made for one call; `answers:30` is another. */
const AGENT_STATES = ['available', 'busy', 'away', 'offline', 'silent', 'full'] as const;
const QUEUE_STATES = ['open', 'unstaffed', 'silent', 'full'] as const;

/** The states that a call sets: `{ 'ada.martin': 'away' }`, `{ BasicQueue: 'full' }`. */
export interface DestinationStates {
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
export function checkState(kind: Destination['kind'], state: string): void {
  const anyone = { id: '', arn: '', name: '', key: '' };
  applyState(
    kind === 'agent' ? agentDestination({ ...anyone, state: 'AVAILABLE' }) : queueDestination(anyone),
    state,
  );
}

/**
 * A place as a call wants it.
 *
 * @throws {StateError} names the states there are
 */
export function applyState(place: Destination, state: string): Destination {
  const [, seconds] = /^answers:(\d+)$/.exec(state) ?? [];
  const agent = place.kind === 'agent';
  if (seconds !== undefined) {
    const ready = agent ? agentDestination({ ...place, state: 'AVAILABLE' }) : staffed(place);
    return { ...ready, answeredAfterSeconds: Number(seconds) };
  }
  return agent ? agentIn(place, state) : queueIn(place, state);
}

function agentIn(place: Destination, state: string): Destination {
  switch (state) {
    case 'available':
    case 'busy':
    case 'away':
    case 'offline':
      return agentDestination({ ...place, state: state.toUpperCase() as AgentState });
    case 'silent':
      return { ...agentDestination({ ...place, state: 'AVAILABLE' }), answeredAfterSeconds: undefined };
    case 'full':
      return full(agentDestination({ ...place, state: 'AVAILABLE' }));
    default:
      throw unknownState(state, AGENT_STATES);
  }
}

function queueIn(place: Destination, state: string): Destination {
  switch (state) {
    case 'open':
      return staffed(place);
    case 'unstaffed': {
      const none = { online: 0, staffed: 0, available: 0 };
      return { ...place, agents: none, answeredAfterSeconds: undefined };
    }
    case 'silent':
      return { ...staffed(place), answeredAfterSeconds: undefined };
    case 'full':
      return full(staffed(place));
    default:
      throw unknownState(state, QUEUE_STATES);
  }
}

function staffed(place: Destination): Destination {
  return { ...place, agents: { online: 1, staffed: 1, available: 1 } };
}

function full(place: Destination): Destination {
  return { ...place, waiting: place.capacity };
}

function unknownState(state: string, states: readonly string[]): StateError {
  return new StateError(`"${state}" is no state; there are ${states.join(', ')} and answers:SECONDS.`);
}

/**
 * The same instance, its agents and queues as one call wants them. Agents are named by user name, queues by name.
 *
 * @throws {StateError} when the place is looked at, and its state is none
 */
export function withStates(
  instance: CallInstance,
  { agents = {}, queues = {} }: DestinationStates,
): CallInstance {
  return {
    ...instance,
    agent: async (reference) => changed(await instance.agent(reference), agents),
    queue: async (reference) => changed(await instance.queue(reference), queues),
  };
}

function changed(
  place: Destination | undefined,
  states: Readonly<Record<string, string>>,
): Destination | undefined {
  const state = place && Object.hasOwn(states, place.key) ? states[place.key] : undefined;
  return place && state !== undefined ? applyState(place, state) : place;
}
