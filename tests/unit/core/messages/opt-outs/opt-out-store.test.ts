import { isOptedOut, type OptOutStore, writeOptOut } from '#core/messages/opt-outs/index.ts';
import { toOptOutItem } from '#core/messages/opt-outs/opt-out-store.ts';
import { testKeyring, watchClient } from '#support/contacts.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';

const NUMBER = '+14155550100';
const OUT = { state: 'OPTED_OUT', at: '2026-11-21T08:00:00.000Z', source: 'TEXT' } as const;
const [OLD, BOTH, NEW] = [testKeyring([1]), testKeyring([2, 1]), testKeyring([2])];

test.each([0, 1, 2])(
  'a reader finds an opt-out that a rotation moves after %i of its reads',
  async (reads) => {
    const db = memoryDynamoDb(() => 0);
    const store = (keyring: typeof BOTH, client = db.client): OptOutStore => ({
      ...{ client, messages: 'messages', keyring: async () => keyring },
    });
    const move = () => {
      const moved = toOptOutItem(NEW, NUMBER, OUT);
      db.items.clear();
      db.items.set(`${moved.pk} ${moved.sk}`, { ...moved });
    };
    await writeOptOut(store(OLD), NUMBER, OUT);
    let done = 0;
    if (reads === 0) move();
    const { client } = watchClient(db.client, {
      done: () => {
        done += 1;
        if (done === reads) move();
      },
    });

    expect(await isOptedOut(store(BOTH, client), NUMBER)).toBe(true);
  },
);
