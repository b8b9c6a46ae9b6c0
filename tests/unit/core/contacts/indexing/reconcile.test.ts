import { reconcileIndex } from '#core/contacts/indexing/index.ts';
import { awsError } from '#support/contacts.ts';
import { createFakeIndex } from '#support/fake-index.ts';

const touch = (touched: Record<string, string[]>) =>
  new Map(Object.entries(touched).map(([id, hashes]) => [id, new Set(hashes)]));

it('asks nothing when nothing was touched', async () => {
  const index = createFakeIndex({});
  expect(await reconcileIndex(index, new Map())).toEqual({ put: 0, deleted: 0, failed: new Map() });
  expect(index.calls).toEqual([]);
});

it('writes what the contacts hold now, not what anybody said they hold', async () => {
  const index = createFakeIndex({ a: ['h1'] });
  index.rows.add('h2/a').add('h1/gone');

  const result = await reconcileIndex(index, touch({ a: ['h1', 'h2'], gone: ['h1'] }));

  expect(result).toEqual({ put: 1, deleted: 2, failed: new Map() });
  expect([...index.rows]).toEqual(['h1/a']);
  expect(index.calls.map(({ kind }) => kind)).toEqual(['read', 'write', 'read']);
});

it('writes again when a contact changes between reading and writing', async () => {
  const index = createFakeIndex({ a: ['h1'] }, ({ kind }, { current, calls }) => {
    if (kind === 'write' && calls.length === 2) current.set('a', new Set(['h2']));
    return undefined;
  });

  await reconcileIndex(index, touch({ a: ['h1', 'h2'] }));

  expect([...index.rows]).toEqual(['h2/a']);
});

it('writes again only the rows whose current moved', async () => {
  const index = createFakeIndex({ a: ['h1', 'h2'], b: ['h1'] }, ({ kind }, { current, calls }) => {
    if (kind === 'write' && calls.length === 2) current.set('a', new Set(['h1']));
    return undefined;
  });

  const result = await reconcileIndex(index, touch({ a: ['h1', 'h2'], b: ['h1'] }));

  expect(result).toMatchObject({ put: 3, deleted: 1 });
  expect([...index.rows].sort()).toEqual(['h1/a', 'h1/b']);
});

it('leaves a contact that never comes to rest to a later delivery', async () => {
  let on = false;
  const index = createFakeIndex({ a: [], b: ['h1'] }, ({ kind }, { current }) => {
    on = kind === 'write' ? !on : on;
    current.set('a', new Set(on ? ['h1'] : []));
    return undefined;
  });

  const { failed } = await reconcileIndex(index, touch({ a: ['h1'], b: ['h1'] }));

  expect(failed).toEqual(new Map([['a', expect.objectContaining({ code: 'CONTACT_CONFLICT' })]]));
});

it('fails the contacts alone whose rows could not be written', async () => {
  const ids = Array.from({ length: 30 }, (_, i) => `c${i}`);
  const index = createFakeIndex(Object.fromEntries(ids.map((id) => [id, ['h']])), (call) => {
    if (call.kind === 'write' && call.rows.length < 25) throw awsError('ThrottlingException');
    return undefined;
  });

  const { put, failed } = await reconcileIndex(
    index,
    touch(Object.fromEntries(ids.map((id) => [id, ['h']]))),
  );

  expect(put).toBe(25);
  expect([...failed.keys()]).toEqual(['c25', 'c26', 'c27', 'c28', 'c29']);
});

it('asks again for what DynamoDB left unprocessed', async () => {
  let left = 2;
  const index = createFakeIndex({ a: ['h1'] }, (call) => {
    if (left-- <= 0) return undefined;
    return call.kind === 'read'
      ? { Responses: {}, UnprocessedKeys: { contacts: { Keys: [{ pk: 'CONTACT#a', sk: 'PROFILE' }] } } }
      : { UnprocessedItems: { lookup: call.rows } };
  });

  expect(await reconcileIndex(index, touch({ a: ['h1'] }))).toMatchObject({ put: 1 });
  expect([...index.rows]).toEqual(['h1/a']);
});

it('reads and writes within the limits of one request', async () => {
  const ids = Array.from({ length: 120 }, (_, i) => `c${i}`);
  const index = createFakeIndex(Object.fromEntries(ids.map((id) => [id, ['h']])));

  await reconcileIndex(index, touch(Object.fromEntries(ids.map((id) => [id, ['h', 'i']]))));

  expect(index.rows.size).toBe(120);
  for (const call of index.calls) {
    if (call.kind === 'read') expect(call.ids.length).toBeLessThanOrEqual(100);
    else expect(call.rows.length).toBeLessThanOrEqual(25);
  }
});

it('throws when the contacts cannot be read, because then nothing is known', async () => {
  const index = createFakeIndex({}, () => {
    throw awsError('InternalServerError');
  });
  await expect(reconcileIndex(index, touch({ a: ['h'] }))).rejects.toMatchObject({
    name: 'InternalServerError',
  });
});
