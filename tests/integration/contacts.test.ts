import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { findContactsByHash } from '#core/contacts/find-contacts-by-hash.ts';
import {
  type ContactStore,
  deleteContact,
  getContact,
  membershipsOf,
  putContact,
  writeMembership,
} from '#core/contacts/index.ts';
import { indexBatch } from '#core/contacts/indexing/index.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { contactBody, createContactLookup, streamRecord, testKeyring } from '#support/contacts.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

let tables: FreshTables;

beforeAll(async () => {
  tables = await freshTables();
});

const PHONE = '+14155550100';

describe('the store', () => {
  it('gives a contact back as it was put, with a version that grows by one', async () => {
    const store = storeWith(testKeyring());
    const body = contactBody({
      firstName: 'Jane',
      identifiers: [PHONE, 'ref:CRM-17'],
      privateAttributes: { notes: ['a', { b: 1 }] },
    });

    expect(await putContact(store, 'round', contactBody())).toBe(1);
    expect(await putContact(store, 'round', body, { now: new Date(0) })).toBe(2);

    expect(await getContact(store, 'round')).toEqual({
      contactId: 'round',
      ...body,
      version: 2,
      updatedAt: '1970-01-01T00:00:00.000Z',
      audiences: [],
    });
  });

  it('takes a write that was repeated because its answer was lost for what it is', async () => {
    const repeating = {
      send: (command: never) => tables.client.send(command).then(() => tables.client.send(command)),
    };
    const store = { ...storeWith(testKeyring()), client: repeating as unknown as FreshTables['client'] };

    expect(await putContact(store, 'repeated', contactBody(), { version: 0 })).toBe(1);
    expect(await putContact(store, 'repeated', contactBody(), { version: 1 })).toBe(2);
  });

  it('refuses an update of another version and names the current one', async () => {
    const store = storeWith(testKeyring());
    await putContact(store, 'conflict', contactBody());
    await putContact(store, 'conflict', contactBody());

    for (const version of [0, 1, 3]) {
      await expect(putContact(store, 'conflict', contactBody(), { version })).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
        message: expect.stringContaining('is at version 2'),
      });
    }
    await expect(putContact(store, 'absent', contactBody(), { version: 4 })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      message: expect.stringContaining('does not exist (version 0)'),
    });
  });

  it('lets one of two concurrent updates of the same version win', async () => {
    const store = storeWith(testKeyring());
    await putContact(store, 'race', contactBody());

    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => putContact(store, 'race', contactBody(), { version: 1 })),
    );

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await getContact(store, 'race'))?.version).toBe(2);
  });

  it('deletes a contact with everything beside it', async () => {
    const store = storeWith(testKeyring());
    await putContact(store, 'gone', contactBody({ identifiers: [PHONE] }));
    for (let i = 0; i < 30; i += 1) await addAudience('gone', `audience-${i}`);

    expect(await deleteContact(store, 'gone')).toBe(true);

    expect(await itemsOf('gone')).toEqual([]);
    expect(await deleteContact(store, 'gone')).toBe(false);
  });

  it('finishes a deletion that was cut off after the profile', async () => {
    const store = storeWith(testKeyring());
    await addAudience('cut-off', 'vip');

    expect(await deleteContact(store, 'cut-off')).toBe(true);
    expect(await itemsOf('cut-off')).toEqual([]);
  });

  it('refuses to delete another version and then leaves everything', async () => {
    const store = storeWith(testKeyring());
    await putContact(store, 'kept', contactBody());
    await addAudience('kept', 'vip');

    await expect(deleteContact(store, 'kept', 7)).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });

    expect(await itemsOf('kept')).toHaveLength(2);
    expect(await deleteContact(store, 'kept', 1)).toBe(true);
  });

  it('keeps no name, attribute or identifier in the open', async () => {
    await putContact(
      storeWith(testKeyring()),
      'sealed',
      contactBody({ firstName: 'MARKED', identifiers: [PHONE, 'ref:MARKED'], attributes: { a: 'MARKED' } }),
    );

    const [item] = await itemsOf('sealed');
    const stored = JSON.stringify({
      ...item,
      keys: [...(item?.keys ?? [])],
      blob: Buffer.from(item?.blob).toString('latin1'),
    });
    expect(stored).not.toMatch(/MARKED|4155550100/);
  });
});

describe('memberships', () => {
  const at = (seconds: number) => new Date(seconds * 1_000);

  it('are read by audience, without those that have ended', async () => {
    await writeMembership(tables, 'member-of', { audienceId: 'vip' }, at(0));
    await writeMembership(tables, 'member-of', { audienceId: 'trial', until: at(200) }, at(0));
    await writeMembership(tables, 'member-of', { audienceId: 'past', until: at(100) }, at(0));

    expect(await membershipsOf(tables, 'member-of', at(99))).toHaveLength(3);
    expect(await membershipsOf(tables, 'member-of', at(100))).toEqual([
      { audienceId: 'trial', until: at(200) },
      { audienceId: 'vip' },
    ]);
  });

  it('follow the latest decision, in whatever order the writes arrive', async () => {
    const vip = { audienceId: 'vip' };
    expect(await writeMembership(tables, 'ordered', { ...vip, until: at(20) }, at(20))).toBe(true);
    expect(await writeMembership(tables, 'ordered', vip, at(10))).toBe(false);
    expect(await membershipsOf(tables, 'ordered', at(30))).toEqual([]);

    expect(await writeMembership(tables, 'ordered', vip, at(30))).toBe(true);
    // The SDK repeats a write whose response was lost.
    expect(await writeMembership(tables, 'ordered', vip, at(30))).toBe(true);
    expect(await membershipsOf(tables, 'ordered', at(30))).toEqual([vip]);
  });

  it('take over rows that were written without a time', async () => {
    await addAudience('by-hand', 'vip');
    expect(await membershipsOf(tables, 'by-hand')).toEqual([{ audienceId: 'vip' }]);
    expect(await writeMembership(tables, 'by-hand', { audienceId: 'vip', until: at(10) }, at(10))).toBe(true);
    expect(await membershipsOf(tables, 'by-hand')).toEqual([]);
  });

  it('that have ended show up in no read, although TTL has not removed them', async () => {
    const store = storeWith(testKeyring());
    await written('lapsed', { identifiers: ['ref:LAPSED'] });
    for (const id of ['vip', 'renewal']) await addAudience('lapsed', id);
    await writeMembership(tables, 'lapsed', { audienceId: 'do-not-contact', until: at(10) }, at(0));

    const audiences = ['renewal', 'vip'];
    expect((await getContact(store, 'lapsed'))?.audiences).toEqual(audiences);
    expect((await lookupWith(testKeyring())('ref:LAPSED')).contacts[0]?.audiences).toEqual(audiences);
    const hashes = testKeyring().hashes('ref:LAPSED');
    expect(await findContactsByHash(tables, hashes, 'do-not-contact')).toEqual({
      any: true,
      inAudience: false,
    });
    expect(await findContactsByHash(tables, hashes, 'vip')).toEqual({ any: true, inAudience: true });
  });
});

describe('the lookup', () => {
  it('counts more matches than one page of the index holds, and returns the most recently updated ones', async () => {
    const ids = Array.from({ length: 130 }, (_, i) => `crowd-${i}`);
    await Promise.all(ids.map((id, i) => written(id, { identifiers: ['ref:CROWD'] }, new Date(i))));

    const answer = await lookupWith(testKeyring(), 2)('ref:CROWD');

    expect(answer).toMatchObject({ status: 'AMBIGUOUS', matches: 130 });
    expect(answer.contacts.map(({ contactId }) => contactId)).toEqual(['crowd-129', 'crowd-128']);
  });

  it('does not believe the index when the contact no longer holds the identifier', async () => {
    const [hash = ''] = testKeyring().hashes('ref:MOVED');
    await putContact(storeWith(testKeyring()), 'moved', contactBody({ identifiers: ['ref:OTHER'] }));
    await putRow(hash, 'moved');
    await putRow(hash, 'never-existed');

    expect(await lookupWith(testKeyring())('ref:MOVED')).toMatchObject({ status: 'NOT_FOUND', matches: 0 });
  });
});

describe('the index', () => {});

function storeWith(keyring: Keyring): ContactStore {
  return { client: tables.client, contacts: tables.contacts, keyring };
}

const lookupWith = (keyring: Keyring, limit = 10) =>
  createContactLookup(tables, { keyring: async () => keyring, limit });

/** Puts a contact and indexes it. */
async function written(contactId: string, parts: Parameters<typeof contactBody>[0], now = new Date()) {
  const keyring = testKeyring();
  const body = contactBody(parts);
  await putContact(storeWith(keyring), contactId, body, { now });
  await indexBatch(tables, [streamRecord(contactId, null, body.identifiers.map(keyring.hash))]);
}

async function addAudience(contactId: string, audience: string) {
  const Item = { pk: `CONTACT#${contactId}`, sk: `AUDIENCE#${audience}` };
  await tables.client.send(new PutCommand({ TableName: tables.contacts, Item }));
}

async function putRow(hash: string, contactId: string) {
  await tables.client.send(new PutCommand({ TableName: tables.lookup, Item: { pk: hash, sk: contactId } }));
}

async function itemsOf(contactId: string) {
  const { Items } = await tables.client.send(
    new QueryCommand({
      TableName: tables.contacts,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': `CONTACT#${contactId}` },
    }),
  );
  return Items ?? [];
}
