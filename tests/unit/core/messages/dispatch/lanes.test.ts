import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, type MessageWorld, MINUTE } from '#support/message-world.ts';

/*
 * One dispatcher, undisturbed: what it does with what is in its lanes. Beside it stand who may be texted, what waits, claims,
 * and what cannot be read. What must hold however it is disturbed stands in tests/property/messages.test.ts.
 */

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const statuses = () => world.statuses();

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

test('a message is sent once, and what it was sent as is kept', async () => {
  await world.accept(0);

  await deliver(0, 0);

  expect(world.deliveries).toHaveLength(1);
  expect(await statuses()).toEqual([
    { state: 'SENT', endedAt: expect.any(String), providerMessageId: 'provider-1' },
  ]);
  expect((await world.messages())[0]).toMatchObject({ attempts: 1 });
});

test('without a sender nothing leaves', async () => {
  ({ world } = await createCalmWorld({ sends: false }));
  await world.accept(0);

  await deliver(0);

  expect(await states()).toEqual(['STORED']);
  expect(world.deliveries).toEqual([]);
});

test('a run does not read again what it has ended', async () => {
  for (let one = 0; one < 250; one += 1) await world.accept(0);
  const send = db.client.send.bind(db.client) as (command: unknown) => Promise<{ Items?: object[] }>;
  let read = 0;
  db.client.send = (async (command: { input: { ExpressionAttributeValues?: { ':pk'?: string } } }) => {
    const answer = await send(command);
    if (command.input.ExpressionAttributeValues?.[':pk']?.startsWith('TO#'))
      read += answer.Items?.length ?? 0;
    return answer;
  }) as never;

  await deliver(0);

  expect(new Set(await states())).toEqual(new Set(['SENT']));
  // 250, and what is left of them after 100 and after 200.
  expect(read).toBeLessThan(250 + 151 + 51 + 10);
});

test('a run says for how long the oldest message has been due', async () => {
  await world.accept(0);
  world.clock.advance(MINUTE);
  await world.accept(1);
  world.clock.advance(6 * MINUTE);

  expect(await world.dispatchDue()).toMatchObject({ counts: { due: 2, overdueMs: 2 * MINUTE } });
  expect(await world.dispatchDue()).toMatchObject({ counts: { due: 0, overdueMs: 0 } });
});

test('a run goes through everything that is due, in pages, each lane once', async () => {
  for (let one = 0; one < 250; one += 1) await world.accept(one % 3);
  world.clock.advance(5 * MINUTE);

  await world.dispatchDue();

  expect(new Set(await states())).toEqual(new Set(['SENT']));
  expect(world.deliveries).toHaveLength(250);
  expect(world.damage()).toEqual([]);
});
