import { PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { findContactsByHash } from '#core/contacts/find-contacts-by-hash.ts';
import {
  type ContactStore,
  createIdentifierParser,
  createLookup,
  deleteContact,
  getContact,
  type Keyring,
  lookUpBatch,
  membershipsOf,
  putContact,
  writeMembership,
} from '#core/contacts/index.ts';
import { indexBatch } from '#core/contacts/indexing/index.ts';
import { createPolicy, defaultPolicy } from '#core/platform/resilience/policy.ts';
import { contactBody, streamRecord, testKeyring, watchClient } from '#support/contacts.ts';
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

  it('tells nothing about a contact that does not exist', async () => {
    expect(await getContact(storeWith(testKeyring()), 'nobody')).toBeUndefined();
  });

  it('accepts an update of the version it names', async () => {
    const store = storeWith(testKeyring());
    expect(await putContact(store, 'versioned', contactBody(), { version: 0 })).toBe(1);
    expect(await putContact(store, 'versioned', contactBody(), { version: 1 })).toBe(2);
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
    await addAudience('lapsed', 'vip');
    await writeMembership(tables, 'lapsed', { audienceId: 'do-not-contact', until: at(10) }, at(0));

    expect((await getContact(store, 'lapsed'))?.audiences).toEqual(['vip']);
    expect((await lookupWith(testKeyring())('ref:LAPSED')).contacts[0]?.audiences).toEqual(['vip']);
    const hashes = testKeyring().hashes('ref:LAPSED');
    expect(await findContactsByHash(tables, hashes, 'do-not-contact')).toEqual({
      any: true,
      inAudience: false,
    });
    expect(await findContactsByHash(tables, hashes, 'vip')).toEqual({ any: true, inAudience: true });
  });
});

describe('the lookup', () => {
  it('finds one contact in exactly two round trips', async () => {
    await written('two-trips', { identifiers: ['ref:TWO-TRIPS'], firstName: 'Jane' });
    const { client, calls } = watchClient(tables.client);

    const answer = await lookupWith(testKeyring(), { client })('ref:TWO-TRIPS');

    expect(answer).toMatchObject({ status: 'FOUND', matches: 1, source: 'index' });
    expect(answer.contacts[0]).toMatchObject({ contactId: 'two-trips', firstName: 'Jane' });
    expect(calls).toEqual(['Query', 'Query']);
  });

  it('finds a contact whatever way the identifier is written', async () => {
    await written('any-way', { identifiers: ['+14155550177', 'any@way.example', 'twitter:@anyway'] });
    const texts = ['(415) 555-0177', '+1 415 555 0177 x9', 'ANY@Way.Example', 'Twitter:@AnyWay'];

    const answers = await lookUpBatch(lookupWith(testKeyring()), texts);

    expect(answers.map(({ contacts }) => contacts[0]?.contactId)).toEqual(texts.map(() => 'any-way'));
  });

  it('tells the audiences beside the contact, over several pages', async () => {
    await written('member', { identifiers: ['ref:MEMBER'] });
    const ids = ['vip', 'renewal', 'do-not-call'];
    for (const id of ids) await addAudience('member', id);

    const { contacts } = await lookupWith(testKeyring())('ref:MEMBER');

    expect(contacts[0]?.audiences).toEqual(['do-not-call', 'renewal', 'vip']);
  });

  it('counts several matches and puts the most recently updated first', async () => {
    for (const [id, minute] of [
      ['older', 1],
      ['newest', 3],
      ['newer', 2],
    ] as const) {
      await written(id, { identifiers: ['ref:SHARED'] }, new Date(minute * 60_000));
    }

    const answer = await lookupWith(testKeyring(), { limit: 2 })('ref:SHARED');

    expect(answer).toMatchObject({ status: 'AMBIGUOUS', matches: 3 });
    expect(answer.contacts.map(({ contactId }) => contactId)).toEqual(['newest', 'newer']);
  });

  it('counts more matches than one page of the index holds', async () => {
    const ids = Array.from({ length: 130 }, (_, i) => `crowd-${i}`);
    await Promise.all(ids.map((id, i) => written(id, { identifiers: ['ref:CROWD'] }, new Date(i))));

    const answer = await lookupWith(testKeyring())('ref:CROWD');

    expect(answer).toMatchObject({ status: 'AMBIGUOUS', matches: 130 });
    expect(answer.contacts[0]?.contactId).toBe('crowd-129');
  });

  it('does not believe the index when the contact no longer holds the identifier', async () => {
    const [hash = ''] = testKeyring().hashes('ref:MOVED');
    await putContact(storeWith(testKeyring()), 'moved', contactBody({ identifiers: ['ref:OTHER'] }));
    await putRow(hash, 'moved');
    await putRow(hash, 'never-existed');

    expect(await lookupWith(testKeyring())('ref:MOVED')).toMatchObject({ status: 'NOT_FOUND', matches: 0 });
  });

  it('reads what any key version in use has written', async () => {
    await written('by-old-key', { identifiers: ['ref:OLD-KEY'] }, new Date(), testKeyring([1]));

    expect(await lookupWith(testKeyring([2, 1]))('ref:OLD-KEY')).toMatchObject({ status: 'FOUND' });
    expect(await lookupWith(testKeyring([2]))('ref:OLD-KEY')).toMatchObject({ status: 'NOT_FOUND' });
  });

  it('does not find a contact of another organization', async () => {
    await written('ours', { identifiers: ['ref:OURS'] });

    expect(await lookupWith(testKeyring([1], 'other'))('ref:OURS')).toMatchObject({ status: 'NOT_FOUND' });
  });
});

describe('the index', () => {
  it('never writes more rows than keys that changed', async () => {
    const { client, calls } = watchClient(tables.client);
    const [a = '', b = '', c = ''] = ['a', 'b', 'c'].map((text) => testKeyring().hash(text));
    await putContact(storeWith(testKeyring()), 'thrifty', contactBody({ identifiers: ['a', 'c'] }));

    await indexBatch({ ...tables, client }, [streamRecord('thrifty', [a, b], [a, c])]);
    await indexBatch({ ...tables, client }, [streamRecord('thrifty', [a, c], [a, c])]);

    expect(calls).toEqual(['BatchGet', 'BatchWrite', 'BatchGet']);
    expect(await rowsOf('thrifty')).toEqual([c]);
  });

  it('follows a contact that is deleted', async () => {
    await written('deleted', { identifiers: ['ref:DELETED'] });
    const hash = testKeyring().hash('ref:DELETED');
    await deleteContact(storeWith(testKeyring()), 'deleted');

    await indexBatch(tables, [streamRecord('deleted', [hash], null)]);

    expect(await rowsOf('deleted')).toEqual([]);
  });
});

function storeWith(keyring: Keyring): ContactStore {
  return { client: tables.client, contacts: tables.contacts, keyring };
}

function lookupWith(keyring: Keyring, { client = tables.client, limit = 10 } = {}) {
  const policy = (name: string) =>
    createPolicy({ ...defaultPolicy, name, budgetMs: 20_000, attemptMs: 10_000 });
  return createLookup({
    index: { ...tables, client, callContacts: policy('contacts'), callLookup: policy('lookup') },
    keyring: async () => keyring,
    parseIdentifier: createIdentifierParser('US'),
    budgetMs: 20_000,
    limit,
  });
}

/** Puts a contact and indexes it. */
async function written(
  contactId: string,
  parts: Parameters<typeof contactBody>[0],
  now = new Date(),
  keyring = testKeyring(),
) {
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

async function rowsOf(contactId: string): Promise<string[]> {
  const { Items } = await tables.client.send(new ScanCommand({ TableName: tables.lookup }));
  return (Items ?? []).filter(({ sk }) => sk === contactId).map(({ pk }) => pk);
}
