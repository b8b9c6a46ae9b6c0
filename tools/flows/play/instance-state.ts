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
  /** Seconds until somebody answers; undefined: nobody ever does. */
  answeredAfterSeconds: number | undefined;
}

/** What Connect documents as the most that an agent's queue takes. */
export const AGENT_QUEUE_CAPACITY = 10;

/** Without a limit of its own a queue takes what the instance takes; nobody gets that far here. */
export const QUEUE_CAPACITY = 1_000;

/** When somebody answers who could, unless a call says otherwise. */
const ANSWERED_AFTER_SECONDS = 5;

/**
 * The agent's own queue, from how the agent is. Connect's words: online is who is not offline; staffed is who is
 * online and not in a status of their own making, such as a break; available is who would get a contact now.
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

/** A queue of the instance that is staffed, with nobody waiting. */
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
