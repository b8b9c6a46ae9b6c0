import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { createAgentSync } from '#core/agent-sync/index.ts';
import {
  DIRECT_FLOW,
  dump,
  type FakeClock,
  type FakeConnect,
  fakeClock,
  fakeConnect,
  fakeUser,
  findDamage,
  INSTANCE_ARN,
} from './directory.ts';
import { type FreshTables, freshTables } from './tables.ts';

export interface SyncOptions {
  range?: string;
  quarantineDays?: number;
  exportAgents?: () => Promise<void>;
  client?: DynamoDBDocumentClient;
  budgetMs?: number;
}

/** A new directory and an instance without users before each test. No test may leave damage. */
export function useSyncedDirectory(range: string) {
  const world = {} as { tables: FreshTables; connect: FakeConnect; clock: FakeClock };
  const items = () => dump(world.tables.client, world.tables.directory);

  beforeEach(async () => {
    world.tables = await freshTables();
    world.connect = fakeConnect();
    world.clock = fakeClock();
  });
  // Among others: the rows of names are exactly those of the agents.
  afterEach(async () => expect(findDamage(await items())).toEqual([]));

  async function read(pk: string, sk: string): Promise<Record<string, unknown> | undefined> {
    const { client, directory: TableName } = world.tables;
    const { Item } = await client.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }));
    return Item;
  }

  return {
    world,
    items,
    directory: () => ({ client: world.tables.client, table: world.tables.directory, sleep: async () => {} }),
    sync(event: unknown = {}, options: SyncOptions = {}) {
      const { client = world.tables.client, exportAgents, budgetMs = 900_000 } = options;
      const { connect, clock } = world;
      const table = world.tables.directory;
      const settings = {
        ...{ table, instanceArn: INSTANCE_ARN, directNumberFlow: DIRECT_FLOW, exportBucket: '' },
        ...{ extensionRange: options.range ?? range, quarantineDays: options.quarantineDays ?? 30 },
      };
      const directory = { client, table, sleep: async () => {} };
      const parts = { directory, connect, clock, ...(exportAgents ? { exportAgents } : {}) };
      return createAgentSync(settings, parts)(event, budgetMs);
    },
    hire(id: string, change: Parameters<typeof fakeUser>[1] = {}): void {
      world.connect.users.set(id, fakeUser(id, change));
    },
    read,
    row: (number: string) => read(`NUMBER#${number}`, 'NUMBER'),
    extensionOf: async (id: string) => (await read(`AGENT#${id}`, 'AGENT'))?.extension,
  };
}
