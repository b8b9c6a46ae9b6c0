import { type Collection, createCollection } from '#tools/local/json-file.ts';
import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';
import type { ConnectFlow } from './flows.ts';
import { type ConnectClaim, type ConnectNumber, INITIAL_NUMBERS } from './numbers.ts';
import { createStatusStore, type StatusStore } from './statuses.ts';
import { createUserStore, type UserStore } from './users.ts';

/** The state of the emulated instance. */
export interface ConnectState {
  users: UserStore;
  /** The statuses of agents, and their events. */
  statuses: StatusStore;
  /** By id. */
  flows: Collection<ConnectFlow>;
  /** By id. */
  numbers: Collection<ConnectNumber>;
  /** By token. */
  claims: Collection<ConnectClaim>;
  /** The ARNs of the associated functions. */
  lambdas: Collection<string>;
  queues: ConnectQueue[];
}

export function createConnectState(dataDir: string | undefined): ConnectState {
  const users = createUserStore(dataDir);
  return {
    users,
    statuses: createStatusStore(dataDir, users),
    flows: createCollection<ConnectFlow>(dataDir, 'connect-flows.json', ({ Id }) => Id),
    numbers: createCollection<ConnectNumber>(
      dataDir,
      'connect-numbers.json',
      ({ Id }) => Id,
      INITIAL_NUMBERS,
    ),
    claims: createCollection<ConnectClaim>(dataDir, 'connect-claims.json', ({ Token }) => Token),
    lambdas: createCollection<string>(dataDir, 'connect-lambdas.json', (arn) => arn),
    queues: [...QUEUES],
  };
}

export interface ConnectQueue {
  Id: string;
  Arn: string;
  Name: string;
  QueueType: 'STANDARD' | 'AGENT';
}

/** Every new instance has a BasicQueue. The other queue is for VIPs. */
export const QUEUES: readonly ConnectQueue[] = [
  queue('10ca1000-5017-4b0a-8d00-0000000000b1', 'BasicQueue'),
  queue('10ca1000-5017-4b0a-8d00-0000000000b2', 'VIP'),
];

function queue(Id: string, Name: string): ConnectQueue {
  return { Id, Arn: `${CONNECT_INSTANCE_ARN}/queue/${Id}`, Name, QueueType: 'STANDARD' };
}
