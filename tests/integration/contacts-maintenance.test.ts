import { setTimeout } from 'node:timers/promises';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { deleteContact, getContact, putContact } from '#core/contacts/index.ts';
import { reindex, rotateKeys } from '#core/contacts/maintenance/index.ts';
import type { Checkpoint } from '#core/platform/jobs/resumable-job.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import {
  contactBody,
  createContactLookup,
  damageContact,
  dyingClient,
  testKeyring,
} from '#support/contacts.ts';
import { startIndexer } from '#support/live-index.ts';
import { scan } from '#support/messages.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

const [OLD, BOTH, NEW] = [testKeyring([1]), testKeyring([2, 1]), testKeyring([2])];
/** The embedded engine gets segments wrong while items are deleted; DynamoDB Local does not. */
const SEGMENTS = process.env.DYNAMODB_ENDPOINT ? 4 : 1;
const FAST = { segments: SEGMENTS, pageSize: 20, saveEveryMs: 0, overlapMs: 50 };

const phone = (i: number) => `+1415555${String(1000 + i)}`;

/** Contacts c-0 … with a phone number, an email address and, every third one, an external reference. */
async function addContacts(tables: FreshTables, count: number, keyring: Keyring, from = 0) {
  for (let i = from; i < from + count; i++) {
    const reference = i % 3 === 0 ? [`ref:R-${i}`] : [];
    await putContact(
      { ...tables, keyring },
      `c-${i}`,
      contactBody({
        firstName: `name ${i}`,
        identifiers: [phone(i), `c${i}@example.com`, ...reference],
      }),
    );
  }
}

/** The rows that the index lacks, and those it should not have. */
async function indexFaults(tables: FreshTables) {
  const should = new Set(
    (await scan(tables, tables.contacts)).flatMap(({ pk, keys }) =>
      [...((keys as Set<string> | undefined) ?? [])].map((hash) => `${hash} ${String(pk).slice(8)}`),
    ),
  );
  const is = new Set((await scan(tables, tables.lookup)).map(({ pk, sk }) => `${pk} ${sk}`));
  return { missing: [...should.difference(is)], stale: [...is.difference(should)] };
}

const NO_FAULTS = { missing: [], stale: [] };

function memoryCheckpoint(): Checkpoint & { state: string | undefined } {
  return {
    state: undefined,
    async load() {
      return this.state === undefined ? undefined : JSON.parse(this.state);
    },
    async save(state) {
      this.state = JSON.stringify(state);
    },
    async clear() {
      this.state = undefined;
    },
  };
}

const lookupWith = (tables: FreshTables, keyring: Keyring) =>
  createContactLookup(tables, { keyring: async () => keyring, limit: 2 });

describe('reindex', () => {
  it('adds what is missing, removes what is stale, and then finds nothing more to do', async () => {
    const tables = await freshTables();
    await addContacts(tables, 90, OLD);
    const rows = [
      { pk: OLD.hash(phone(0)), sk: 'c-1' },
      { pk: OLD.hash(phone(500)), sk: 'c-500' },
    ];
    for (const Item of rows) await tables.client.send(new PutCommand({ TableName: tables.lookup, Item }));
    const audience = { pk: 'CONTACT#c-1', sk: 'AUDIENCE#vip' };
    await tables.client.send(new PutCommand({ TableName: tables.contacts, Item: audience }));

    expect(await reindex(tables, { ...FAST, dryRun: true })).toMatchObject({
      contacts: 90,
      added: 210,
      removed: 2,
    });
    expect((await scan(tables, tables.lookup)).length).toBe(2);

    expect(await reindex(tables, FAST)).toMatchObject({
      status: 'done',
      contacts: 90,
      added: 210,
      removed: 2,
    });
    expect(await indexFaults(tables)).toEqual(NO_FAULTS);
    expect(await reindex(tables, FAST)).toMatchObject({ contacts: 90, added: 0, removed: 0 });
  });

  it('goes on after being killed at any call, and ends at the same index', async () => {
    const tables = await freshTables();
    await addContacts(tables, 60, OLD);
    const checkpoint = memoryCheckpoint();
    let kills = 0;
    for (let calls = 1; ; calls += 5) {
      const client = dyingClient(tables.client, calls);
      try {
        const result = await reindex({ ...tables, client }, { ...FAST, checkpoint });
        expect(result).toMatchObject({ status: 'done', contacts: 60 });
        break;
      } catch (error) {
        expect((error as Error).message).toBe('killed');
        kills += 1;
      }
    }

    expect(kills).toBeGreaterThan(2);
    expect(checkpoint.state).toBeUndefined();
    expect(await indexFaults(tables)).toEqual(NO_FAULTS);
  });

  it('stops when it is asked to, and says on the next run that it went on', async () => {
    const tables = await freshTables();
    await addContacts(tables, 60, OLD);
    const checkpoint = memoryCheckpoint();
    const stop = new AbortController();

    const first = await reindex(tables, {
      ...FAST,
      checkpoint,
      parallel: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    const second = await reindex(tables, { ...FAST, checkpoint });

    expect(first.status).toBe('stopped');
    expect(first.contacts).toBeLessThan(60);
    expect(second).toMatchObject({ status: 'done', resumed: true, contacts: 60 });
  });

  it('ends at the truth while contacts are written and deleted, with the indexer at work', async () => {
    const tables = await freshTables();
    const store = { ...tables, keyring: OLD };
    await addContacts(tables, 60, OLD);
    const indexer = await startIndexer(tables);
    let writing = true;
    const writers = Array.from({ length: 4 }, async (_, w) => {
      for (let n = 0; writing; n++) {
        const id = `c-${(w * 15 + n) % 60}`;
        if (n % 5 === 4) await deleteContact(store, id);
        else
          await putContact(
            store,
            id,
            contactBody({ identifiers: [phone(n % 100), `w${w}-${n % 9}@example.com`] }),
          );
      }
    });

    for (let run = 0; run < 5; run++) await reindex(tables, FAST);
    writing = false;
    await Promise.all(writers);
    await indexer.drained();
    await indexer.stop();

    expect(await indexFaults(tables)).toEqual(NO_FAULTS);
  });

  it('writes no faster than it may', async () => {
    const tables = await freshTables();
    await addContacts(tables, 30, OLD);
    const started = performance.now();

    expect(await reindex(tables, { ...FAST, maxWritesPerSecond: 100 })).toMatchObject({ added: 70 });

    expect(performance.now() - started).toBeGreaterThan(400);
  });
});

describe('rotate-keys', () => {
  it('moves contacts and index to the newest version and leaves version, time and contents', async () => {
    const tables = await freshTables();
    await addContacts(tables, 50, OLD);
    await addContacts(tables, 10, BOTH, 50);
    await putContact({ ...tables, keyring: OLD }, 'bare', contactBody({ firstName: 'no identifiers' }));
    await reindex(tables, FAST);
    const before = await getContact({ ...tables, keyring: OLD }, 'c-0');

    const result = await rotateKeys({ ...tables, keyring: BOTH }, FAST);

    expect(result).toMatchObject({ status: 'done', rotated: 51, unchanged: 10, failed: 0, remaining: 0 });
    expect(await getContact({ ...tables, keyring: NEW }, 'c-0')).toEqual(before);
    const items = await scan(tables, tables.contacts);
    expect(items.every(({ keyVersion }) => keyVersion === 2)).toBe(true);
    expect(items.find(({ pk }) => pk === 'CONTACT#c-0')?.refKey).toBe(NEW.hash('ref:R-0'));
    expect(await indexFaults(tables)).toEqual(NO_FAULTS);
    expect(await lookupWith(tables, NEW)(phone(7))).toMatchObject({ status: 'FOUND', matches: 1 });
    expect(await rotateKeys({ ...tables, keyring: BOTH }, FAST)).toMatchObject({
      rotated: 0,
      unchanged: 61,
      added: 0,
    });
  });

  it('names the contacts that cannot be opened, and moves all others', async () => {
    const tables = await freshTables();
    await addContacts(tables, 10, OLD);
    await damageContact(tables, 'c-3');
    const failed: string[] = [];

    const result = await rotateKeys(
      { ...tables, keyring: BOTH },
      { ...FAST, onFailed: async (pk, reason) => void failed.push(`${pk} ${reason}`) },
    );

    expect(result).toMatchObject({ status: 'done', rotated: 9, failed: 1, remaining: 1 });
    expect(failed).toEqual(['CONTACT#c-3 TRUNCATED']);
  });

  it('counts a page that an outage cut short once, when it is visited again', async () => {
    const tables = await freshTables();
    await addContacts(tables, 10, OLD);
    await reindex(tables, FAST);
    await damageContact(tables, 'c-3');
    const checkpoint = memoryCheckpoint();
    // One page of contacts: the scan is answered, nothing after it.
    const options = { ...FAST, pageSize: 100, overlapMs: 0, checkpoint, segments: 1 };

    for (const calls of [1, 2, 5]) {
      const client = dyingClient(tables.client, calls);
      await expect(rotateKeys({ ...tables, client, keyring: BOTH }, options)).rejects.toThrow('killed');
      expect(JSON.parse(checkpoint.state ?? '')).toMatchObject({
        counts: { failed: 0, rotated: 0, unchanged: 0 },
      });
    }

    const result = await rotateKeys({ ...tables, keyring: BOTH }, options);
    expect(result).toMatchObject({ status: 'done', resumed: true, failed: 1, remaining: 1 });
    expect(result.rotated + result.unchanged).toBe(9);
  });

  it('goes on after being killed at any call, and ends with everything moved', async () => {
    const tables = await freshTables();
    await addContacts(tables, 60, OLD);
    await reindex(tables, FAST);
    const checkpoint = memoryCheckpoint();
    const starts: boolean[] = [];
    let kills = 0;
    for (let calls = 1; ; calls += 12) {
      const client = dyingClient(tables.client, calls);
      const result = await rotateKeys(
        { ...tables, client, keyring: BOTH },
        { ...FAST, overlapMs: 0, checkpoint, onStart: async (resumed) => void starts.push(resumed) },
      ).catch((error: Error) => error.message);
      if (result !== 'killed') {
        expect(result).toMatchObject({ status: 'done', remaining: 0, failed: 0 });
        break;
      }
      kills += 1;
      // Whatever the kill left half done, every contact can be found.
      const lookup = lookupWith(tables, BOTH);
      for (let i = 0; i < 60; i += 7) expect(await lookup(phone(i))).toMatchObject({ status: 'FOUND' });
    }

    expect(kills).toBeGreaterThan(3);
    expect(starts).toEqual([false, ...Array(kills).fill(true)]);
    expect(await indexFaults(tables)).toEqual(NO_FAULTS);
    expect((await scan(tables, tables.contacts)).every(({ keyVersion }) => keyVersion === 2)).toBe(true);
  });

  it('leaves every contact findable at every moment, and every change in place, while calls and changes go on', async () => {
    const tables = await freshTables();
    await addContacts(tables, 120, OLD);
    await reindex(tables, FAST);
    const indexer = await startIndexer(tables);
    let busy = true;
    const last = new Map<string, string>();
    // c-0 … c-59 stay as they are, the others change, with either order of the key versions, or go.
    const writers = [BOTH, testKeyring([1, 2])].map(async (keyring, w) => {
      for (let n = 0; busy; n++) {
        const id = `c-${60 + w * 30 + (n % 30)}`;
        const firstName = `change ${n}`;
        if (n % 7 === 6) {
          await deleteContact({ ...tables, keyring }, id);
          last.delete(id);
        } else {
          await putContact(
            { ...tables, keyring },
            id,
            contactBody({ firstName, identifiers: [phone(200 + (n % 50))] }),
          );
          last.set(id, firstName);
        }
        await setTimeout(2);
      }
    });
    const lookup = lookupWith(tables, BOTH);
    let calls = 0;
    let call = Promise.withResolvers<void>();
    const misses: string[] = [];
    const callers = Array.from({ length: 3 }, async (_, c) => {
      for (let n = c; busy; n += 7) {
        const i = n % 60;
        const answer = await lookup(n % 2 === 0 ? phone(i) : `c${i}@example.com`);
        calls += 1;
        call.resolve();
        call = Promise.withResolvers();
        if (answer.status !== 'FOUND' || answer.contacts[0]?.contactId !== `c-${i}`)
          misses.push(`c-${i} ${answer.status}`);
      }
    });

    // Somebody calls before each of its requests, however fast or slow they are.
    const send = (command: never) => call.promise.then(() => tables.client.send(command));
    const client = { send } as unknown as DynamoDBDocumentClient;

    const result = await rotateKeys({ ...tables, client, keyring: BOTH }, FAST);
    busy = false;
    await Promise.all([...writers, ...callers]);
    expect(misses).toEqual([]);
    expect(calls).toBeGreaterThan(50);
    expect(result).toMatchObject({ status: 'done', failed: 0 });

    // Nobody writes with the old version any more: the second run moves what came meanwhile.
    expect(await rotateKeys({ ...tables, keyring: BOTH }, FAST)).toMatchObject({ remaining: 0 });
    await indexer.drained();
    await indexer.stop();
    expect(await indexFaults(tables)).toEqual(NO_FAULTS);
    for (let i = 60; i < 120; i++) {
      const contact = await getContact({ ...tables, keyring: NEW }, `c-${i}`);
      if (last.has(`c-${i}`)) expect(contact?.firstName).toBe(last.get(`c-${i}`));
    }
    expect(await lookupWith(tables, NEW)(phone(5))).toMatchObject({ status: 'FOUND' });
  });

  it('leaves no row of a contact that was deleted between its reading and its replacement', async () => {
    const tables = await freshTables();
    await addContacts(tables, 3, OLD);
    await reindex(tables, FAST);
    const Key = { pk: 'CONTACT#c-1', sk: 'PROFILE' };
    let deleted = false;
    const send = async (command: object) => {
      // Only the update of this contact: the updates of the others run at the same time.
      if (command instanceof UpdateCommand && command.input.Key?.pk === Key.pk && !deleted) {
        deleted = true;
        await tables.client.send(new DeleteCommand({ TableName: tables.contacts, Key }));
      }
      return tables.client.send(command as never);
    };
    const client = { send } as unknown as DynamoDBDocumentClient;

    const result = await rotateKeys({ ...tables, client, keyring: BOTH }, { ...FAST, overlapMs: 0 });

    expect(result).toMatchObject({ rotated: 2, failed: 0 });

    expect((await scan(tables, tables.lookup)).filter(({ sk }) => sk === 'c-1')).toEqual([]);
  });
});
