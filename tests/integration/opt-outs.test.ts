import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { rotateOptOuts } from '#core/messages/maintenance/rotate-opt-outs.ts';
import {
  isOptedOut,
  type OptOut,
  type OptOutStore,
  readOptOut,
  writeOptOut,
} from '#core/messages/opt-outs/index.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { dyingClient, testKeyring } from '#support/contacts.ts';
import { scan } from '#support/messages.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const NUMBER = '+14155550100';
const [OLD, BOTH, NEW] = [testKeyring([1]), testKeyring([2, 1]), testKeyring([2])];
const SEGMENTS = process.env.DYNAMODB_ENDPOINT ? 4 : 1;
const FAST = { segments: SEGMENTS, pageSize: 10 };

let tables: FreshTables;

beforeEach(async () => {
  tables = await freshTables();
});

const storeWith = (keyring: Keyring, client = tables.client): OptOutStore => ({
  client,
  messages: tables.messages,
  keyring: async () => keyring,
});
const at = (minute: number) => `2026-11-21T08:${String(minute).padStart(2, '0')}:00.000Z`;
const wish = (state: OptOut['state'], minute: number): OptOut => ({ state, at: at(minute), source: 'TEXT' });

const rows = () => scan(tables, tables.messages);

describe('an opt-out', () => {
  test('is the latest one, in any order of arrival and with repetitions', async () => {
    const store = storeWith(OLD);
    const wishes = [
      wish('OPTED_OUT', 1),
      wish('OPTED_IN', 2),
      wish('OPTED_OUT', 3),
      wish('OPTED_OUT', 3),
      wish('OPTED_IN', 2),
    ];
    for (const order of [wishes, wishes.toReversed(), [...wishes.slice(2), ...wishes]]) {
      for (const one of order) await writeOptOut(store, NUMBER, one);

      expect(await readOptOut(store, NUMBER)).toEqual(wish('OPTED_OUT', 3));
    }
    await Promise.all(
      [wish('OPTED_IN', 9), wish('OPTED_OUT', 8), wish('OPTED_OUT', 7)].map((one) =>
        writeOptOut(store, NUMBER, one),
      ),
    );

    expect(await isOptedOut(store, NUMBER)).toBe(false);
    expect(await rows()).toHaveLength(1);
  });

  test('wins over an opt-in at the same time', async () => {
    for (const order of [
      [wish('OPTED_OUT', 1), wish('OPTED_IN', 1)],
      [wish('OPTED_IN', 2), wish('OPTED_OUT', 2)],
    ]) {
      for (const one of order) await writeOptOut(storeWith(OLD), NUMBER, one);

      expect(await isOptedOut(storeWith(OLD), NUMBER)).toBe(true);
    }
  });

  test('is stored without the number in plain text', async () => {
    await writeOptOut(storeWith(OLD), NUMBER, wish('OPTED_OUT', 1));

    expect(JSON.stringify(await rows())).not.toMatch(/4155550100|NDE1NTU1MDEwMA/);
  });
});

describe('key versions', () => {
  test('an opt-out is found under every version in use, and the newest one applies', async () => {
    await writeOptOut(storeWith(OLD), NUMBER, wish('OPTED_OUT', 5));
    expect(await isOptedOut(storeWith(BOTH), NUMBER)).toBe(true);

    await writeOptOut(storeWith(BOTH), NUMBER, wish('OPTED_IN', 4));
    expect(await isOptedOut(storeWith(BOTH), NUMBER)).toBe(true);

    await writeOptOut(storeWith(BOTH), NUMBER, wish('OPTED_IN', 6));
    expect(await isOptedOut(storeWith(BOTH), NUMBER)).toBe(false);
  });

  test('a rotation moves every opt-out, and the old version is no longer needed', async () => {
    const numbers = Array.from({ length: 25 }, (_, i) => `+1415555${1000 + i}`);
    for (const [i, number] of numbers.entries()) {
      await writeOptOut(storeWith(OLD), number, wish(i % 5 === 0 ? 'OPTED_IN' : 'OPTED_OUT', i));
    }
    // One changed her mind after the new version was deployed.
    await writeOptOut(storeWith(BOTH), numbers[1] ?? '', wish('OPTED_IN', 59));
    await tables.client.send(
      new PutCommand({ TableName: tables.messages, Item: { pk: 'TO#x', sk: 'MESSAGE#1', keyVersion: 1 } }),
    );

    const first = await rotateOptOuts({ ...tables, keyring: BOTH }, FAST);
    const again = await rotateOptOuts({ ...tables, keyring: BOTH }, FAST);

    expect(first).toMatchObject({ status: 'done', rotated: 25, failed: 0, remaining: 0 });
    expect(again).toMatchObject({ rotated: 0, already: 25, remaining: 0 });
    for (const [i, number] of numbers.entries()) {
      expect(await readOptOut(storeWith(NEW), number)).toEqual(
        i === 1 ? wish('OPTED_IN', 59) : wish(i % 5 === 0 ? 'OPTED_IN' : 'OPTED_OUT', i),
      );
    }
  });

  test('a rotation that is killed at any point loses no opt-out, and the next one completes it', async () => {
    await writeOptOut(storeWith(OLD), NUMBER, wish('OPTED_OUT', 1));
    for (let calls = 0; calls < 4; calls++) {
      const client = dyingClient(tables.client, calls);
      await rotateOptOuts({ ...tables, client, keyring: BOTH }, FAST).catch(() => {});

      expect(await isOptedOut(storeWith(BOTH), NUMBER)).toBe(true);
    }

    expect(await rotateOptOuts({ ...tables, keyring: BOTH }, FAST)).toMatchObject({ remaining: 0 });
    expect(await isOptedOut(storeWith(NEW), NUMBER)).toBe(true);
    expect(await rows()).toHaveLength(1);
  });

  test('an opt-out that is written under the old version during a rotation is moved as well', async () => {
    await writeOptOut(storeWith(OLD), NUMBER, wish('OPTED_OUT', 1));
    let written = false;
    const send = async (command: object) => {
      // Between the new row and the deletion of the old one.
      if (command.constructor.name === 'DeleteCommand' && !written) {
        written = true;
        await writeOptOut(storeWith(OLD), NUMBER, wish('OPTED_IN', 2));
      }
      return tables.client.send(command as never);
    };
    const client = { send } as unknown as DynamoDBDocumentClient;

    await rotateOptOuts({ ...tables, client, keyring: BOTH }, FAST);

    expect(await readOptOut(storeWith(NEW), NUMBER)).toEqual(wish('OPTED_IN', 2));
    expect(await rows()).toHaveLength(1);
  });

  test('a row that cannot be decrypted stays, and is counted', async () => {
    const Item = {
      pk: 'OPTOUT#x',
      sk: 'OPTOUT',
      keyVersion: 1,
      blob: Buffer.from([1, 2]),
      state: 'OPTED_OUT',
      at: at(1),
    };
    await tables.client.send(new PutCommand({ TableName: tables.messages, Item }));

    expect(await rotateOptOuts({ ...tables, keyring: BOTH }, FAST)).toMatchObject({
      failed: 1,
      remaining: 1,
    });
    expect(await rows()).toHaveLength(1);
  });
});
