import { type MemoryDynamoDb, memoryDynamoDb } from './memory-dynamodb.ts';
import { createMessageWorld, UNDISTURBED, type WorldOptions } from './message-world.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Somebody who is neither a contact nor in the directory. */
export const STRANGER = '+14165550199';

/** A world of messages in which nothing goes wrong by itself, and its table. */
export interface CalmWorld {
  db: MemoryDynamoDb;
  world: ReturnType<typeof createMessageWorld>;
}

export async function calmWorld(options: Pick<WorldOptions, 'sends' | 'perSecond'> = {}): Promise<CalmWorld> {
  const db = memoryDynamoDb(() => 0);
  const world = createMessageWorld({ client: db.client, random: () => 0.5, ...options });
  await world.begin();
  return { db, world };
}

/** What tests of dispatchers do with the world of the moment, and look at. */
export function calmSteps(current: () => CalmWorld['world']) {
  const statuses = async () => (await current().messages()).map(({ status }) => status);
  return {
    deliver: (...places: number[]) => current().deliver(places, UNDISTURBED),
    statuses,
    states: async () => (await statuses()).map(({ state }) => state),
  };
}
