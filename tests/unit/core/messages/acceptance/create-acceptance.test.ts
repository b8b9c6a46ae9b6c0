import { type MemoryDynamoDb, memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createMessageWorld, OURS, UNDISTURBED } from '#support/message-world.ts';

let db: MemoryDynamoDb;
let world: ReturnType<typeof createMessageWorld>;

beforeEach(async () => {
  db = memoryDynamoDb(() => 0);
  world = createMessageWorld({ client: db.client, random: () => 0.5 });
  await world.begin();
});

const accept = () => world.acceptKey(0, UNDISTURBED);
const releaseSender = () =>
  world.put({ pk: `NUMBER#${OURS}`, sk: 'NUMBER', pool: 'direct', state: 'UNUSED' });

/** The record of the only key. */
function record(): Record<string, unknown> {
  const found = [...db.items.values()].find(({ validation }) => validation !== undefined);
  if (!found) throw new Error('No key was written down.');
  return found;
}

test('an expired key does not count, even if its record is not deleted yet', async () => {
  await accept();
  record().expiration = Math.floor(Date.now() / 1_000) - 1;
  await releaseSender();

  await expect(accept()).rejects.toMatchObject({ code: 'FROM_NOT_ALLOWED' });
});
