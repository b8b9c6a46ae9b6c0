import { logger } from '#core/platform/observability.ts';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import { createCalmWorld, type MessageWorld, MINUTE } from '#support/message-world.ts';

// What a table holds or tells that is no message, and lets the others go.

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const statuses = () => world.statuses();

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

describe('a message that cannot be read', () => {
  test.each([
    ['nobody knows when it may be deleted', { ttl: 'soon' as never }],
    ['nobody knows when its day began', { notBefore: 'tomorrow' }],
    ['nobody knows when it was resolved', { resolution: { as: 'RESEND' as const, at: 'then' } }],
    ['nobody knows of how many parts it is', { segments: undefined as never }],
    ['its quiet hours are no times', { quiet: { from: 'night', until: 'day' } }],
    ['its blob is damaged', { blob: Buffer.from('x') }],
    ['its blob belongs to another', { blob: Buffer.alloc(100, 1) }],
    ['it was sealed by another organization', { blob: Buffer.alloc(200, 2) }],
  ])('because %s, fails and lets the next one go', async (_, parts) => {
    await world.accept(0, parts);
    await world.accept(0);

    await deliver(0, 1);

    expect((await statuses()).at(-1)).toMatchObject({ state: 'SENT' });
    expect(world.deliveries).toHaveLength(1);
  });

  test('because it is no message at all, fails and lets the next one go', async () => {
    await world.accept(0);
    const [key] = [...db.items.keys()].filter((one) => one.includes(' MESSAGE#'));
    const { blob: _, ...rest } = db.items.get(key ?? '') ?? {};
    await world.put(rest);
    world.accepted.pop();
    await world.accept(0);

    await deliver(0, 1);

    expect(db.items.get(key ?? '')).toMatchObject({ state: 'FAILED', reason: 'UNREADABLE' });
    expect(db.items.get(key ?? '')).not.toHaveProperty('gsi1pk');
    expect(await states()).toEqual(['SENT']);
  });
});

test('what a table cannot tell is an outage: the message is neither sent nor given up', async () => {
  await world.accept(0);
  jest.spyOn(logger, 'error').mockImplementation();
  const { client } = db;
  const send = client.send.bind(client) as (command: { input: { TableName?: string } }) => Promise<object>;
  let down = true;
  client.send = ((command: { constructor: { name: string }; input: { TableName?: string } }) =>
    down && command.constructor.name === 'BatchGetCommand'
      ? Promise.reject(new Error('ContactsTable is away'))
      : send(command)) as never;

  await deliver(0);
  world.clock.advance(5 * MINUTE);
  await world.dispatchDue();
  expect(await states()).toEqual(['ACCEPTED']);

  down = false;
  await world.dispatchDue();
  expect(await states()).toEqual(['SENT']);
});
