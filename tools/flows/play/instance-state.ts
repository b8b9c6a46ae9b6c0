import type { InstalledFlow } from './flow/playable-flow.ts';

/** How an agent is, as far as a call can tell. */
export type AgentState = 'AVAILABLE' | 'BUSY' | 'AWAY' | 'OFFLINE';

/** Where a caller can wait: a queue of the instance, or the queue that every agent has. */
export interface Destination {
  kind: 'queue' | 'agent';
  /** The queue's, or the agent's. */
  id: string;
  arn: string;
  /** For people to read. */
  name: string;
  /** What a person names it by: the queue's name, the agent's user name. */
  key: string;
  /** What CheckMetricData counts. */
  agents: { online: number; staffed: number; available: number };
  /** How many wait already, and how long the first of them has. */
  waiting: number;
  oldestSeconds: number;
  /** How many may wait. */
  capacity: number;
  /** Seconds until an agent answers; undefined when no agent does. */
  answeredAfterSeconds: number | undefined;
}

/** What Connect documents as the most that an agent's queue takes. */
export const AGENT_QUEUE_CAPACITY = 10;

/** The limit of the instance, for a queue without its own limit. */
export const QUEUE_CAPACITY = 1_000;

/** When an available agent answers, unless a call sets another time. */
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

/** What a call needs of a Connect instance. Everything is found by id or by ARN. */
export interface CallInstance {
  arn: string;
  flow(reference: string): Promise<InstalledFlow | undefined>;
  /** Whether a function was associated with the instance: no other may be invoked by its flows. */
  hasLambda(functionArn: string): Promise<boolean>;
  queue(reference: string): Promise<Destination | undefined>;
  agent(reference: string): Promise<Destination | undefined>;
}
