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

// Who may be texted, asked before each send.

let db: MemoryDynamoDb;
let world: MessageWorld;
const deliver = (...places: number[]) => world.deliver(places);
const states = () => world.states();
const statuses = () => world.statuses();

beforeEach(async () => {
  ({ db, world } = await createCalmWorld());
});

describe('before each send it is asked', () => {
  test.each([
    [
      'whether the sender is still ours',
      'FROM_NOT_ALLOWED',
      () => world.put({ pk: `NUMBER#${OURS}`, sk: 'NUMBER', pool: 'direct', state: 'UNUSED' }),
    ],
    [
      'whether it may send',
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
    ['whether the recipient wants texts', 'OPTED_OUT', () => world.optOut(0, 'OPTED_OUT')],
    [
      'whether a contact of that number may be contacted',
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

  test('and who wants texts again gets them', async () => {
    await world.optOut(0, 'OPTED_OUT');
    world.clock.advance(1_000);
    await world.optOut(0, 'OPTED_IN');
    await world.accept(0);

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });

  test('and an audience of a contact that has the number no longer does not count', async () => {
    await world.put({ pk: world.keyring.hash('+14165550101'), sk: 'C-9' });
    await world.put({ pk: 'CONTACT#C-9', sk: 'PROFILE', keys: new Set(['another']) });
    await world.put({ pk: 'CONTACT#C-9', sk: 'AUDIENCE#do-not-contact' });
    await world.accept(0);

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });
});

const NUMBER_OF_A = { pk: 'CONTACT#C-0', sk: 'PROFILE' };

describe('a read that is behind', () => {
  test('refuses nobody: neither our number that was just assigned, nor a contact that was just stored', async () => {
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

  test('shows nobody who may not be texted', async () => {
    db.catchUp = 0;
    db.itemsBehind = true;
    db.replica.clear();
    await world.put({ pk: 'CONTACT#C-0', sk: 'AUDIENCE#do-not-contact' });
    await world.accept(0);

    await deliver(0);

    expect(await statuses()).toMatchObject([{ state: 'SUPPRESSED', reason: 'DO_NOT_CONTACT' }]);
  });

  test('does not keep a request from being accepted', async () => {
    db.catchUp = 0;
    db.itemsBehind = true;
    db.replica.clear();

    expect(await world.acceptKey(0, UNDISTURBED, { allowUnknown: false })).toEqual(expect.any(String));
  });
});

describe('a stranger', () => {
  test.each([
    ['who never was a contact', async () => {}],
    [
      'whose contact was deleted',
      () => db.client.send(new DeleteCommand({ TableName: TABLE, Key: NUMBER_OF_A })),
    ],
    [
      'whose number the contact no longer has',
      () => world.put({ ...NUMBER_OF_A, keys: new Set(['another']) }),
    ],
  ])('%s, is not texted, once the index has had its time', async (who, change) => {
    await world.accept(0, who.includes('never') ? { to: STRANGER } : {});
    await change();

    await deliver(0, 0);
    expect(await statuses()).toMatchObject([{ state: 'WAITING', reason: 'RECIPIENT_UNKNOWN' }]);
    world.clock.advance(5 * MINUTE);
    await world.dispatchDue();

    expect(await statuses()).toMatchObject([{ state: 'SUPPRESSED', reason: 'RECIPIENT_UNKNOWN' }]);
    expect(world.deliveries).toEqual([]);
  });

  test('is none, whose number moves to another contact, of which the index hears later', async () => {
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

  test('is, who was on the line', async () => {
    await world.accept(0, { to: STRANGER, recipientPresent: true });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });

  test('is, whose number is in the directory', async () => {
    await world.put({ pk: `NUMBER#${STRANGER}`, sk: 'NUMBER', pool: 'direct', state: 'UNUSED' });
    await world.accept(0, { to: STRANGER });

    await deliver(0);

    expect(await states()).toEqual(['SENT']);
  });
});
