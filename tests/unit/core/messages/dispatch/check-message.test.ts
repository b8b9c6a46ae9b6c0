import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { MemoryDynamoDb } from '#support/memory-dynamodb.ts';
import {
  createCalmWorld,
  type MessageWorld,
  MINUTE,
  OURS,
  STRANGER,
  TABLE,
  UNDISTURBED,
} from '#support/message-world.ts';

// Which recipients may get a text. The dispatcher checks this before each send.

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const statuses = () => world.statuses();

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

describe('a message is suppressed before each send when', () => {
  test.each([
    [
      'its sender was released',
      'FROM_NOT_ALLOWED',
      () => world.put({ pk: `NUMBER#${OURS}`, sk: 'NUMBER', pool: 'direct', state: 'UNUSED' }),
    ],
    [
      'its sender may not send texts',
      'FROM_NOT_ALLOWED',
      () =>
        world.put({
          pk: `NUMBER#${OURS}`,
          sk: 'NUMBER',
          pool: 'direct',
          state: 'ASSIGNED',
          agentId: 'a',
          sms: false,
        }),
    ],
    ['its recipient opted out', 'OPTED_OUT', () => world.optOut(0, 'OPTED_OUT')],
    [
      'a contact of its recipient is in do-not-contact',
      'DO_NOT_CONTACT',
      () => world.put({ pk: 'CONTACT#C-0', sk: 'AUDIENCE#do-not-contact' }),
    ],
  ])('%s', async (_, reason, change) => {
    await world.accept(0);
    await change();

    await deliver(0);

    expect(await statuses()).toEqual([{ state: 'SUPPRESSED', reason, endedAt: expect.any(String) }]);
    expect(world.deliveries).toEqual([]);
  });

  test('but not when the recipient opted in again', async () => {
    await world.optOut(0, 'OPTED_OUT');
    world.clock.advance(1_000);
    await world.optOut(0, 'OPTED_IN');
    await world.accept(0);

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });

  test('but not for the audience of a contact that no longer has the number', async () => {
    await world.put({ pk: world.keyring.hash('+14165550101'), sk: 'C-9' });
    await world.put({ pk: 'CONTACT#C-9', sk: 'PROFILE', keys: new Set(['another']) });
    await world.put({ pk: 'CONTACT#C-9', sk: 'AUDIENCE#do-not-contact' });
    await world.accept(0);

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });
});

const NUMBER_OF_A = { pk: 'CONTACT#C-0', sk: 'PROFILE' };

describe('an outdated read', () => {
  test('does not reject a new sender or a new contact', async () => {
    db.catchUp = 0;
    db.itemsBehind = true;
    await world.put({ pk: `NUMBER#${OURS}`, sk: 'NUMBER', pool: 'direct', state: 'ASSIGNED', agentId: 'a' });
    await world.put({ pk: world.keyring.hash(STRANGER), sk: 'C-9' });
    await world.put({
      pk: 'CONTACT#C-9',
      sk: 'PROFILE',
      keys: new Set([world.keyring.hash(STRANGER)]),
    });
    db.replica.clear();
    await world.accept(0, { to: STRANGER });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });

  test('does not miss a contact in do-not-contact', async () => {
    db.catchUp = 0;
    db.itemsBehind = true;
    db.replica.clear();
    await world.put({ pk: 'CONTACT#C-0', sk: 'AUDIENCE#do-not-contact' });
    await world.accept(0);

    await deliver(0);

    expect(await statuses()).toMatchObject([{ state: 'SUPPRESSED', reason: 'DO_NOT_CONTACT' }]);
  });

  test('does not reject a request', async () => {
    db.catchUp = 0;
    db.itemsBehind = true;
    db.replica.clear();

    expect(await world.acceptKey(0, UNDISTURBED, { allowUnknown: false })).toEqual(expect.any(String));
  });
});

describe('an unknown recipient', () => {
  test.each([
    ['that was never a contact', async () => {}],
    [
      'whose contact was deleted',
      () => db.client.send(new DeleteCommand({ TableName: TABLE, Key: NUMBER_OF_A })),
    ],
    ['whose contact has another number', () => world.put({ ...NUMBER_OF_A, keys: new Set(['another']) })],
  ])('%s gets no text after the index had time to catch up', async (name, change) => {
    await world.accept(0, name.includes('never') ? { to: STRANGER } : {});
    await change();

    await deliver(0, 0);
    expect(await statuses()).toMatchObject([{ state: 'WAITING', reason: 'RECIPIENT_UNKNOWN' }]);
    world.clock.advance(5 * MINUTE);
    await world.dispatchDue();

    expect(await statuses()).toMatchObject([{ state: 'SUPPRESSED', reason: 'RECIPIENT_UNKNOWN' }]);
    expect(world.deliveries).toEqual([]);
  });

  test('is known when the number moves to another contact that the index shows later', async () => {
    await world.accept(0);
    await world.put({ ...NUMBER_OF_A, keys: new Set(['another']) });
    await world.put({
      pk: 'CONTACT#C-9',
      sk: 'PROFILE',
      keys: new Set([world.keyring.hash('+14165550101')]),
    });

    await deliver(0);
    await world.put({ pk: world.keyring.hash('+14165550101'), sk: 'C-9' });
    world.clock.advance(5 * MINUTE);
    await world.dispatchDue();

    expect(await states()).toEqual(['SENT']);
  });

  test('gets a text when the recipient was on a call', async () => {
    await world.accept(0, { to: STRANGER, recipientPresent: true });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });

  test('gets a text when the number is in the directory', async () => {
    await world.put({ pk: `NUMBER#${STRANGER}`, sk: 'NUMBER', pool: 'direct', state: 'UNUSED' });
    await world.accept(0, { to: STRANGER });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });
});
