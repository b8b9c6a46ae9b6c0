import { messagesOf } from '#core/messages/read-messages.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, type MessageWorld, TABLE } from '#support/message-world.ts';

let db: MemoryDynamoDb;
let world: MessageWorld;

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

/** The order of acceptance of what messagesOf returns. */
async function found(phoneNumbers: string[], limit = 10): Promise<number[]> {
  const table = { client: db.client, messages: TABLE, keyring: world.keyring };
  const messages = await messagesOf(table, phoneNumbers, limit);
  return messages.map(({ messageId }) => world.accepted.findIndex((one) => one.messageId === messageId));
}

test('messagesOf returns the latest messages to the numbers of a contact, the newest first', async () => {
  for (const recipient of [0, 1, 2, 0, 1]) await world.accept(recipient);
  const [one = '', two = '', other = ''] = world.accepted.map(({ to }) => to);

  expect(await found([one])).toEqual([3, 0]);
  expect(await found([one, two, one])).toEqual([4, 3, 1, 0]);
  expect(await found([one, two], 3)).toEqual([4, 3, 1]);
  expect(await found([other])).toEqual([2]);
  expect(await found([])).toEqual([]);
});

test('messagesOf ignores items that are not messages', async () => {
  await world.accept(0);
  const [key = ''] = [...db.items.keys()].filter((one) => one.includes(' MESSAGE#'));
  const { blob: _, ...damaged } = db.items.get(key) ?? {};
  await world.put(damaged);

  expect(await found([world.accepted[0]?.to ?? ''])).toEqual([]);
});
