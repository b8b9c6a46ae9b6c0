import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createAgentSync, type SyncResult } from '#core/agent-sync/index.ts';
import { fingerprintOf } from '#core/directory/agents.ts';
import { spellName } from '#core/directory/name-spelling.ts';
import { parseRanges } from '#core/directory/ranges.ts';
import { findAgentsByKeys } from '#core/names/find-agents-by-name.ts';
import { expireNumbers } from '#core/phonebook/expire-numbers.ts';
import { type Chaos, chaoticClient, Killed } from './chaos.ts';
import {
  DIRECT_FLOW,
  type FakeUser,
  fakeClock,
  fakeConnect,
  fakeUser,
  findDamage,
  INSTANCE_ARN,
} from './directory.ts';

export const WORLD_RANGES = ['10-17', '12-15', '12-15,18-19'] as const;
const EVERY_NUMBER = Array.from({ length: 10 }, (_, position) => String(10 + position));

/** Alike in some of their keys, so that one search may find several. */
export const WORLD_NAMES = [
  { firstName: 'Eva', lastName: 'Müller' },
  { firstName: 'Eva', lastName: 'Mueller' },
  { firstName: 'Duc', lastName: 'Müller' },
  { firstName: 'Jan', lastName: 'de Vries' },
  { firstName: 'Jan', lastName: 'van Vries' },
  { firstName: '', lastName: '王' },
  { firstName: '', lastName: '' },
] as const;
const EVERY_SPELLING = [...new Set(WORLD_NAMES.flatMap(spellName))].sort();
const NAME_PARTITIONS = [...new Set(EVERY_SPELLING.map((keys) => `NAME#${keys.slice(0, 3)}`))];

/** The store of one world. */
export interface WorldStore {
  client: DynamoDBDocumentClient;
  /** All items; agents are those of the given ids. */
  read(agentIds: string[]): Promise<Map<string, Record<string, unknown>>>;
  /** From now on the index is never behind. */
  settle(): void;
  writes(): number;
  /** Collects what agents are, from now on, as `nameplate` writes it. Absent where nobody can watch. */
  watch?(): { seen: Set<string>; stop(): void };
}

/** What a caller learns of an agent, in one text. */
export function nameplate(agent: Record<string, unknown>): string {
  return [agent.agentId, agent.firstName, agent.lastName, agent.extension].join('|');
}

export interface SyncOptions {
  chaos: Chaos;
  range: number;
  acceptShrink: boolean;
  budgetMs: number;
}

/** A small instance of Connect, a directory, and everything that may happen to both. */
export function createWorld(store: WorldStore, quarantineDays: number, random: () => number) {
  const connect = fakeConnect([], 2);
  const clock = fakeClock();
  const generations = new Map<number, number>();
  const everyId = new Set<string>();

  function idOf(user: number): string {
    return `u${user}-${generations.get(user) ?? 0}`;
  }

  const world = {
    connect,
    clock,
    /** The id of a user who may have left and come back. */
    idOf,
    hire(user: number, tag: string | undefined, name = 0) {
      if (connect.users.has(idOf(user))) return;
      generations.set(user, (generations.get(user) ?? 0) + 1);
      everyId.add(idOf(user));
      connect.users.set(
        idOf(user),
        fakeUser(idOf(user), {
          username: `user-${user}`,
          ...WORLD_NAMES[name],
          ...(tag === undefined ? {} : { tag }),
        }),
      );
    },
    fire(user: number) {
      connect.users.delete(idOf(user));
    },
    /** A change to undefined takes away. */
    change(user: number, change: { [Name in keyof FakeUser]?: FakeUser[Name] | undefined }) {
      const known = connect.users.get(idOf(user));
      if (known) connect.users.set(known.id, JSON.parse(JSON.stringify({ ...known, ...change })));
    },
    /** Somebody keys a name, or the beginning of one, while whatever else happens. */
    async call(spelling: number, length: number): Promise<void> {
      const keys = (EVERY_SPELLING[spelling % EVERY_SPELLING.length] ?? '').slice(0, 3 + length);
      const watched = store.watch?.();
      const { matches } = await findAgentsByKeys({ client: store.client, table: 'directory' }, keys);
      watched?.stop();
      for (const { agentId, displayName, extension } of matches) {
        const names = WORLD_NAMES.filter(
          ({ firstName, lastName }) => `${firstName} ${lastName}`.trim() === displayName,
        );
        const plates = names
          .filter((name) => spellName(name).some((keyed) => keyed.startsWith(keys)))
          .map((name) => nameplate({ ...name, agentId, extension }));
        if (!plates.some((plate) => !watched || watched.seen.has(plate))) {
          throw new Error(`A caller who keyed ${keys} was told of ${agentId}, which is somebody else.`);
        }
      }
    },
    wait(milliseconds: number) {
      clock.advance(milliseconds);
    },
    async sync({ chaos, range, acceptShrink, budgetMs }: SyncOptions): Promise<SyncResult | undefined> {
      return survive(syncOf(chaos, range)({ acceptShrink }, budgetMs));
    },
    async event(user: number, chaos: Chaos, range: number): Promise<SyncResult | undefined> {
      const eventName = connect.users.has(idOf(user)) ? 'CreateUser' : 'DeleteUser';
      const event = { detail: { eventName, requestParameters: { userId: idOf(user) } } };
      return survive(syncOf(chaos, range)(event, 900_000));
    },
    async expireNumbers(chaos: Chaos): Promise<unknown> {
      const client = chaoticClient(store.client, chaos, random);
      return survive(expireNumbers({ client, table: 'directory', sleep: async () => {} }, clock.now()));
    },
    async findDamage(): Promise<string[]> {
      const items = await store.read([...everyId]);
      return [...findDamage(items), ...findLostNumbers(items)];
    },
    /** What differs from what an undisturbed run must reach. */
    async findDifference(range: number): Promise<string[]> {
      const items = await store.read([...everyId]);
      return [
        ...compareAgents(items),
        ...findIdle(items, range),
        ...findStray(items, range),
        ...(await compareNames(items)),
      ];
    },
  };

  function syncOf(chaos: Chaos, range: number) {
    const client = chaoticClient(store.client, chaos, random);
    return createAgentSync(
      {
        table: 'directory',
        instanceArn: INSTANCE_ARN,
        extensionRange: WORLD_RANGES[range] ?? '',
        quarantineDays,
        directNumberFlow: DIRECT_FLOW,
        exportBucket: '',
      },
      { directory: { client, table: 'directory', sleep: async () => {} }, connect, clock },
    );
  }

  function compareAgents(items: Map<string, Record<string, unknown>>): string[] {
    const differences: string[] = [];
    for (const user of connect.users.values()) {
      const { id, username, firstName, lastName, tag } = user;
      const arn = `${INSTANCE_ARN}/agent/${id}`;
      const details = {
        ...{ agentId: id, arn, username, firstName, lastName },
        ...(tag ? { preferredExtension: tag } : {}),
        ...(isUnlisted(user) ? { unlisted: true as const } : {}),
      };
      const agent = items.get(`AGENT#${id} AGENT`);
      if (agent?.fingerprint !== fingerprintOf(details)) differences.push(`${id} is not as in Connect`);
      if (agent?.username !== username) differences.push(`${id} has another name`);
    }
    for (const { sk, agentId } of items.values()) {
      if (sk === 'AGENT' && !connect.users.has(String(agentId))) differences.push(`${agentId} is gone`);
    }
    return differences;
  }

  /** Every search finds exactly who is spelled so, has an extension and is listed. */
  async function compareNames(items: Map<string, Record<string, unknown>>): Promise<string[]> {
    const listed = [...connect.users.values()]
      .filter((user) => items.get(`AGENT#${user.id} AGENT`)?.extension !== undefined && !isUnlisted(user))
      .map((user) => ({ id: user.id, spellings: spellName(user) }));
    const answers = EVERY_SPELLING.map(async (keys) => {
      const expected = listed.filter(({ spellings }) =>
        spellings.some((spelling) => spelling.startsWith(keys)),
      );
      const { matches, more } = await findAgentsByKeys({ client: store.client, table: 'directory' }, keys);
      const strangers = matches.filter(({ agentId }) => !expected.some(({ id }) => id === agentId));
      const complete = matches.length === Math.min(3, expected.length) && more === expected.length > 3;
      return complete && strangers.length === 0 ? [] : [`${keys} finds others`];
    });
    return (await Promise.all(answers)).flat();
  }

  /** Nobody waits, and nobody is refused an extension, while it is unused. */
  function findIdle(items: Map<string, Record<string, unknown>>, range: number): string[] {
    const ranges = parseRanges(WORLD_RANGES[range] ?? '');
    const unused = new Set(
      [...ranges.numbers()].filter((number) => items.get(`NUMBER#${number} NUMBER`)?.state === 'UNUSED'),
    );
    return [...items.values()].flatMap(({ sk, agentId, extension, preferredExtension: preferred }) => {
      if (sk !== 'AGENT') return [];
      if (extension === undefined && unused.size > 0) return [`${agentId} waits for nothing`];
      const available = extension !== preferred && unused.has(String(preferred));
      return available ? [`${agentId} could have ${preferred}`] : [];
    });
  }

  return world;
}

function isUnlisted({ unlisted }: FakeUser): boolean {
  return unlisted?.trim().toLowerCase() === 'true';
}

/** While the pool is not being changed, its numbers are all there, each in one state. */
function findLostNumbers(items: Map<string, Record<string, unknown>>): string[] {
  const seed = items.get('SYNC POOL_RANGE');
  if (!seed || seed.target !== seed.completed) return [];
  const missing = [...parseRanges(String(seed.target)).numbers()].filter(
    (number) => !items.has(`NUMBER#${number} NUMBER`),
  );
  return missing.map((number) => `${number} is lost`);
}

/** What the range does not contain is in use, or gone. */
function findStray(items: Map<string, Record<string, unknown>>, range: number): string[] {
  const ranges = parseRanges(WORLD_RANGES[range] ?? '');
  return EVERY_NUMBER.filter(
    (number) => !ranges.includes(number) && items.get(`NUMBER#${number} NUMBER`)?.state === 'UNUSED',
  ).map((number) => `${number} is in the pool against the range`);
}

/** A killed run has no result; neither has one that was throttled to death. */
export async function survive<Result>(run: Promise<Result>): Promise<Result | undefined> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof Killed) return undefined;
    const named = ['ThrottlingException', 'TransactionConflictException', 'UnavailableError'];
    if (named.includes((error as Error).name)) return undefined;
    throw error;
  }
}

/** A store of its own for each world, in one table of the engine: every key gets the world's prefix. */
export function engineStore(client: DynamoDBDocumentClient, table: string, prefix: string): WorldStore {
  let writes = 0;
  const keys = ['pk', 'gsi1pk', ':pk', ':gsi1pk', ':partition'];

  function rewrite(value: unknown, change: (text: string) => string): unknown {
    if (Array.isArray(value)) return value.map((entry) => rewrite(entry, change));
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Uint8Array || value instanceof Set) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => {
        if (key === 'TableName') return [key, table];
        // A batch has the table's name for a key, in the request and in the answer.
        if (key === 'directory') return [table, rewrite(entry, change)];
        if (key === table) return ['directory', rewrite(entry, change)];
        return [key, keys.includes(key) ? change(String(entry)) : rewrite(entry, change)];
      }),
    );
  }

  async function send(command: { input: object }): Promise<unknown> {
    if (!/^(Get|BatchGet|Query)Command$/.test(command.constructor.name)) writes += 1;
    const Command = command.constructor as new (input: object) => Parameters<typeof client.send>[0];
    const input = rewrite(command.input, (text) => `${prefix}${text}`) as object;
    const answer = (await client.send(new Command(input))) as object;
    const { $metadata: _, ...rest } = answer as { $metadata: unknown };
    return rewrite(rest, (text) => text.slice(prefix.length));
  }

  async function readPartition(partition: string): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `${prefix}${partition}` },
        ConsistentRead: true,
      }),
    );
    return Items;
  }

  return {
    client: { send } as unknown as DynamoDBDocumentClient,
    async read(agentIds) {
      const wanted = [
        ...EVERY_NUMBER.map((number) => ({ pk: `NUMBER#${number}`, sk: 'NUMBER' })),
        ...agentIds.map((id) => ({ pk: `AGENT#${id}`, sk: 'AGENT' })),
        ...['LEASE', 'LAST_RUN', 'POOL_RANGE'].map((sk) => ({ pk: 'SYNC', sk })),
      ].map(({ pk, sk }) => ({ pk: `${prefix}${pk}`, sk }));
      const { Responses } = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      const names = await Promise.all(NAME_PARTITIONS.map(readPartition));
      const items = rewrite([...(Responses?.[table] ?? []), ...names.flat()], (text) =>
        text.slice(prefix.length),
      );
      return new Map((items as Record<string, unknown>[]).map((item) => [`${item.pk} ${item.sk}`, item]));
    },
    settle() {},
    writes: () => writes,
  };
}
