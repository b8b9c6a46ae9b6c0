import { findContacts, type LookupIndex } from '#core/contacts/lookup/find-contacts.ts';
import { createDeadline } from '#core/platform/resilience/deadline.ts';
import { testKeyring } from '#support/contacts.ts';
import { createFakeLookupIndex, storedContact } from '#support/fake-lookup.ts';

const keyring = testKeyring([2, 1]);
const hashes = keyring.hashes('ref:1');
const [newest = '', older = ''] = hashes;

const find = (index: LookupIndex, limit = 1) =>
  findContacts(index, keyring, hashes, limit, createDeadline(10_000));

it('looks under every key version and takes a contact that is found under both for one', async () => {
  const contact = storedContact(keyring, 'a', { identifiers: ['ref:1'] });
  const source = createFakeLookupIndex({ rows: { [newest]: ['a'], [older]: ['a'] }, items: [contact] });

  expect(await find(source)).toMatchObject({ matches: 1 });
  expect(source.calls).toEqual(['lookup', 'lookup', 'contacts']);
});

it('finds nobody when no candidate exists', async () => {
  const source = createFakeLookupIndex({ rows: { [newest]: ['gone'] } });
  expect(await find(source)).toEqual({ matches: 0, contacts: [] });
});

it('loads the next contact when the most recent one has just lost the identifier', async () => {
  const holder = storedContact(keyring, 'holder', { identifiers: ['ref:1'] }, 1);
  const leaving = storedContact(keyring, 'leaving', { identifiers: ['ref:1'] }, 2);
  const items = [holder, leaving];
  let reads = 0;
  const source = createFakeLookupIndex({
    rows: { [newest]: ['holder', 'leaving'] },
    items,
    // After the profiles were compared, the more recent one changes.
    before: (table) => {
      if (table === 'contacts' && reads++ === 1) items.splice(1, 1, storedContact(keyring, 'leaving', {}, 3));
      return undefined;
    },
  });

  const found = await find(source);

  expect(found.matches).toBe(1);
  expect(found.contacts.map(({ contactId }) => contactId)).toEqual(['holder']);
});

it('decides between updates of the same moment by the id', async () => {
  const items = ['b', 'c', 'a'].map((id) => storedContact(keyring, id, { identifiers: ['ref:1'] }));
  const source = createFakeLookupIndex({ rows: { [newest]: ['b', 'c', 'a'] }, items });

  const { contacts } = await find(source, 3);

  expect(contacts.map(({ contactId }) => contactId)).toEqual(['a', 'b', 'c']);
});

it('reads profiles again that DynamoDB left unprocessed', async () => {
  const items = ['a', 'b'].map((id) => storedContact(keyring, id, { identifiers: ['ref:1'] }));
  const unprocessed = {
    Responses: {},
    UnprocessedKeys: { contacts: { Keys: [{ pk: 'CONTACT#a' }, { pk: 'CONTACT#b' }] } },
  };
  let left = 1;
  const source = createFakeLookupIndex({
    rows: { [newest]: ['a', 'b'] },
    items,
    before: (table) => (table === 'contacts' && left-- > 0 ? unprocessed : undefined),
  });

  expect(await find(source)).toMatchObject({ matches: 2 });
});

it('stops counting at a thousand candidates', async () => {
  const source = createFakeLookupIndex({
    before: (table) =>
      table === 'lookup'
        ? {
            Items: Array.from({ length: 100 }, (_, i) => ({ sk: `${source.calls.length}-${i}` })),
            LastEvaluatedKey: {},
          }
        : undefined,
  });

  expect(await findContacts(source, keyring, [newest], 1, createDeadline(10_000))).toEqual({
    matches: 0,
    contacts: [],
  });
  expect(source.calls.filter((table) => table === 'lookup')).toHaveLength(10);
});
