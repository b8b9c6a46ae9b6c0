import { type Collection, createCollection } from './collection.ts';
import type { ConnectFlow } from './flows.ts';
import { type ConnectClaim, type ConnectNumber, NUMBERS } from './numbers.ts';
import { type ConnectQueue, QUEUES } from './queues.ts';
import { createStatusStore, type StatusStore } from './statuses.ts';
import { createUserStore, type UserStore } from './users.ts';

/** What the one instance holds; each operation reads and changes a part of it. */
export interface ConnectWorld {
  users: UserStore;
  /** How agents are, and what they tell of it. */
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

export function createWorld(dataDir: string | undefined): ConnectWorld {
  const users = createUserStore(dataDir);
  return {
    users,
    statuses: createStatusStore(dataDir, users),
    flows: createCollection<ConnectFlow>(dataDir, 'connect-flows.json', ({ Id }) => Id),
    numbers: createCollection<ConnectNumber>(dataDir, 'connect-numbers.json', ({ Id }) => Id, NUMBERS),
    claims: createCollection<ConnectClaim>(dataDir, 'connect-claims.json', ({ Token }) => Token),
    lambdas: createCollection<string>(dataDir, 'connect-lambdas.json', (arn) => arn),
    queues: [...QUEUES],
  };
}
