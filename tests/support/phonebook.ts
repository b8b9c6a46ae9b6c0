import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ownerOf } from '#core/directory/agent-actions.ts';
import { type Agent, agentItem, agentKey, fingerprintOf } from '#core/directory/agents.ts';
import { nameRowKey } from '#core/directory/name-rows.ts';
import { type DirectoryNumber, numberItem } from '#core/directory/numbers.ts';
import { POOL_RANGE_KEY } from '#core/directory/sync-state.ts';
import { createPhonebook, type Phonebook } from '#core/phonebook/index.ts';
import { seededRandom } from './chaos.ts';
import { watchClient } from './contacts.ts';
import { type FakeClock, fakeClock, INSTANCE_ARN } from './directory.ts';
import { type MemoryDynamoDb, memoryDynamoDb } from './memory-dynamodb.ts';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** `count` direct numbers from +16135550100. */
export function directNumbers(count: number, first = 0): string[] {
  return Array.from(
    { length: count },
    (_, position) => `+1613555${String(100 + first + position).padStart(4, '0')}`,
  );
}

export function unused(number: string): DirectoryNumber {
  return { number, pool: number.startsWith('+') ? 'direct' : 'extension', state: 'UNUSED' };
}

/** The items of an agent and of its numbers. */
export function agentWith(agentId: string, numbers: { extension?: string; directNumber?: string } = {}) {
  const { extension, directNumber } = numbers;
  const details = {
    agentId,
    arn: `${INSTANCE_ARN}/agent/${agentId}`,
    username: `user-${agentId}`,
    firstName: 'Jane',
    lastName: 'Roe',
    spellings: ['5263', '763'],
  };
  const agent: Agent = {
    ...details,
    fingerprint: fingerprintOf(details),
    addedAt: '2026-11-01T08:00:00.000Z',
    placement: extension === undefined ? { waitingSince: '2026-11-01T08:00:00.000Z' } : { extension },
    ...(directNumber === undefined ? {} : { directNumber }),
  };
  const owned = (number: string, pool: string): DirectoryNumber => ({
    ...{ number, pool, state: 'ASSIGNED', owner: ownerOf(agent) },
  });
  return [
    agentItem(agent),
    ...(extension === undefined
      ? []
      : [
          numberItem(owned(extension, 'extension')),
          ...agent.spellings.map((spelling) => nameRowKey(spelling, agentId)),
        ]),
    ...(directNumber === undefined ? [] : [numberItem(owned(directNumber, 'direct'))]),
  ];
}

export function poolRange(target: string) {
  return { ...POOL_RANGE_KEY, target, completed: target, cursor: 0 };
}

export interface PhonebookTable {
  phonebook: Phonebook;
  put(...items: Record<string, unknown>[]): Promise<void>;
  /** The phonebook of another process with the same table. */
  another(changes?: Partial<Parameters<typeof createPhonebook>[0]>): Phonebook;
  /** The same, through a client that is watched, or whose calls fail. */
  watched(watch: Parameters<typeof watchClient>[1]): { phonebook: Phonebook; calls: string[] };
  db: MemoryDynamoDb;
  clock: FakeClock;
  item(pk: string, sk?: string): Record<string, unknown> | undefined;
  number(number: string): Record<string, unknown> | undefined;
  agent(agentId: string): Record<string, unknown> | undefined;
}

/** A phonebook with these items, in memory. Reservations last 15 minutes. */
export async function phonebookTable(
  items: Record<string, unknown>[],
  settings: { quarantineDays?: number; seed?: number; written?: () => void } = {},
): Promise<PhonebookTable> {
  const random = seededRandom(settings.seed ?? 1);
  const db = memoryDynamoDb(random, settings.written);
  const clock = { ...fakeClock(), random };
  const another = (changes = {}) =>
    createPhonebook({
      directory: { client: db.client, table: 'directory', sleep: async () => {} },
      ...{ reservationMs: 15 * MINUTE, quarantineDays: settings.quarantineDays ?? 30, clock },
      ...changes,
    });
  const item = (pk: string, sk = 'NUMBER') => db.items.get(`${pk} ${sk}`);
  const put = async (...added: Record<string, unknown>[]) => {
    for (const Item of added) await db.client.send(new PutCommand({ TableName: 'directory', Item }));
  };
  await put(...items);
  return {
    phonebook: another(),
    ...{ another, put, db, clock, item },
    watched(watch) {
      const { client, calls } = watchClient(db.client, watch);
      return {
        phonebook: another({ directory: { client, table: 'directory', sleep: async () => {} } }),
        calls,
      };
    },
    number: (number) => item(`NUMBER#${number}`),
    agent: (agentId) => item(agentKey(agentId).pk, 'AGENT'),
  };
}
