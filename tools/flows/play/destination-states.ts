import {
  type AgentState,
  agentDestination,
  type CallInstance,
  type Destination,
  queueDestination,
} from './instance-state.ts';

/** The states that a call can set. `answers:SECONDS` is another. */
const AGENT_STATES = ['available', 'busy', 'away', 'offline', 'silent', 'full'] as const;
const QUEUE_STATES = ['open', 'unstaffed', 'silent', 'full'] as const;

/** The states that a call sets: `{ 'ada.martin': 'away' }`, `{ BasicQueue: 'full' }`. */
export interface DestinationStates {
  agents?: Readonly<Record<string, string>>;
  queues?: Readonly<Record<string, string>>;
}

/** The state does not exist. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

/**
 * Checks a state before the destination is known.
 *
 * @throws {StateError} if the state does not exist; names the valid states
 */
export function checkState(kind: Destination['kind'], state: string): void {
  const anyone = { id: '', arn: '', name: '', key: '' };
  applyState(
    kind === 'agent' ? agentDestination({ ...anyone, state: 'AVAILABLE' }) : queueDestination(anyone),
    state,
  );
}

/**
 * Puts a destination into the state that a call sets.
 *
 * @throws {StateError} if the state does not exist; names the valid states
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
 * @throws {StateError} when the instance returns a destination whose state does not exist
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
