import type { InstalledFlow } from './flow/playable-flow.ts';

/** The state of an agent that a call can observe. */
export type AgentState = 'AVAILABLE' | 'BUSY' | 'AWAY' | 'OFFLINE';

/** Where a caller can wait: a queue of the instance, or the queue that every agent has. */
export interface Destination {
  kind: 'queue' | 'agent';
  /** The ID of the queue or the agent. */
  id: string;
  arn: string;
  /** For people to read. */
  name: string;
  /** The name on the command line: the name of the queue or the user name of the agent. */
  key: string;
  /** The counts that CheckMetricData reads. */
  agents: { online: number; staffed: number; available: number };
  /** The number of waiting callers, and the wait time of the first one. */
  waiting: number;
  oldestSeconds: number;
  /** The maximum number of waiting callers. */
  capacity: number;
  /** Seconds until an agent answers; undefined when no agent does. */
  answeredAfterSeconds: number | undefined;
}

/** The documented capacity of an agent queue. */
export const AGENT_QUEUE_CAPACITY = 10;

/** The limit of the instance, for a queue without its own limit. */
export const QUEUE_CAPACITY = 1_000;

/** The default time until an available agent answers. */
const ANSWERED_AFTER_SECONDS = 5;

/**
 * The agent's own queue. In Connect's terms, an agent is online when not offline, staffed when online and not in a
 * custom status such as a break, and available when a contact could be routed to the agent now.
 */
export function agentDestination(agent: {
  id: string;
  arn: string;
  name: string;
  key: string;
  state: AgentState;
}): Destination {
  const { state, ...who } = agent;
  return {
    kind: 'agent',
    ...who,
    agents: {
      online: count(state !== 'OFFLINE'),
      staffed: count(state === 'AVAILABLE' || state === 'BUSY'),
      available: count(state === 'AVAILABLE'),
    },
    waiting: 0,
    oldestSeconds: 0,
    capacity: AGENT_QUEUE_CAPACITY,
    answeredAfterSeconds: state === 'AVAILABLE' ? ANSWERED_AFTER_SECONDS : undefined,
  };
}

/** A staffed and empty queue of the instance. */
export function queueDestination(queue: {
  id: string;
  arn: string;
  name: string;
  capacity?: number;
}): Destination {
  return {
    kind: 'queue',
    id: queue.id,
    arn: queue.arn,
    name: queue.name,
    key: queue.name,
    agents: { online: 1, staffed: 1, available: 1 },
    waiting: 0,
    oldestSeconds: 0,
    capacity: queue.capacity ?? QUEUE_CAPACITY,
    answeredAfterSeconds: ANSWERED_AFTER_SECONDS,
  };
}

function count(is: boolean): number {
  return is ? 1 : 0;
}

/** The parts of a Connect instance that a call needs. References are IDs or ARNs. */
export interface CallInstance {
  arn: string;
  flow(reference: string): Promise<InstalledFlow | undefined>;
  /** Whether the function is associated with the instance. Flows can invoke no other function. */
  hasLambda(functionArn: string): Promise<boolean>;
  queue(reference: string): Promise<Destination | undefined>;
  agent(reference: string): Promise<Destination | undefined>;
}
