import { createIdentifierParser } from '#core/contacts/identifiers.ts';
import { createLookup, type FallbackSource, type LookupOptions } from '#core/contacts/lookup/index.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { awsError, contactBody, testKeyring } from '#support/contacts.ts';
import { createFakeLookupIndex, storedContact } from '#support/fake-lookup.ts';

const keyring = testKeyring();
const hash = keyring.hash('ref:1');
const janeContact = {
  contactId: 'C-1',
  firstName: 'Jane',
  ...contactBody({ identifiers: ['ref:1'] }),
  version: 1,
  updatedAt: '',
};
const jane = storedContact(keyring, 'C-1', { firstName: 'Jane', identifiers: ['ref:1'] });

const lookupOn = (source: LookupOptions['index'], parts: Partial<LookupOptions> = {}) =>
  createLookup({
    index: source,
    keyring: async () => keyring,
    parseIdentifier: createIdentifierParser('US'),
    budgetMs: 2_000,
    limit: 1,
    ...parts,
  });

afterEach(() => jest.useRealTimers());

/** An index of Jane that fails while the outage is on. */
function failingIndex(rows: Record<string, string[]> = { [hash]: ['C-1'] }) {
  const outage = { on: false };
  const before = () => {
    if (outage.on) throw awsError('InternalServerError');
    return undefined;
  };
  return { index: createFakeLookupIndex({ rows, items: [jane], before }), outage };
}

it('asks no table about a withheld number or one that nobody can have', async () => {
  const source = createFakeLookupIndex({});
  const lookup = lookupOn(source);

  expect(await lookup('anonymous')).toMatchObject({ status: 'ANONYMOUS', matches: 0, contacts: [] });
  expect(await lookup('+1415')).toMatchObject({
    status: 'INVALID',
    message: expect.stringContaining('length'),
  });
  expect(source.calls).toEqual([]);
});

it('asks the index, then the contact', async () => {
  const source = createFakeLookupIndex({ rows: { [hash]: ['C-1'] }, items: [jane] });

  expect(await lookupOn(source)('ref:1')).toMatchObject({
    status: 'FOUND',
    contacts: [{ firstName: 'Jane' }],
  });
  expect(source.calls).toEqual(['lookup', 'contacts']);
});

it('tries again after a throttle', async () => {
  let failures = 1;
  const source = createFakeLookupIndex({
    rows: { [hash]: ['C-1'] },
    items: [jane],
    before: () => {
      if (failures-- > 0) throw awsError('ThrottlingException');
      return undefined;
    },
  });

  expect(await lookupOn(source)('ref:1')).toMatchObject({ status: 'FOUND' });
});

describe('in an outage', () => {
  it('tells the last known answer, and that it is from the cache', async () => {
    const { index, outage } = failingIndex();
    const lookup = lookupOn(index);
    await lookup('ref:1');
    outage.on = true;

    expect(await lookup('ref:1')).toMatchObject({
      status: 'DEGRADED',
      source: 'cache',
      matches: 1,
      contacts: [{ contactId: 'C-1' }],
    });
  });

  it('tells no last known answer that is older than five minutes', async () => {
    let time = 0;
    const { index, outage } = failingIndex();
    const lookup = lookupOn(index, { now: () => time });
    await lookup('ref:1');
    outage.on = true;
    time = 5 * 60_000 + 1;

    expect(await lookup('ref:1')).toEqual({
      status: 'DEGRADED',
      matches: 0,
      contacts: [],
      message: expect.any(String),
    });
  });

  it('has forgotten a contact that was no longer found', async () => {
    const rows: Record<string, string[]> = { [hash]: ['C-1'] };
    const { index, outage } = failingIndex(rows);
    const lookup = lookupOn(index);
    await lookup('ref:1');
    delete rows[hash];
    await lookup('ref:1');
    outage.on = true;

    expect(await lookup('ref:1')).toMatchObject({ status: 'DEGRADED', contacts: [] });
  });
});

describe('fallback sources', () => {
  const index = createFakeLookupIndex({
    before: () => {
      throw awsError('InternalServerError');
    },
  });
  const contacts = [{ ...janeContact, audiences: [] }];
  const source = (name: string, find: FallbackSource['find']) => ({ name, find: jest.fn(find) });
  const found = source('second', async () => ({ matches: 1, contacts }));

  it.each<[string, FallbackSource['find']]>([
    ['fails', () => Promise.reject(new Error('down'))],
    ['finds nothing', async () => undefined],
    ['finds no contact', async () => ({ matches: 0, contacts: [] })],
  ])('are tried in order: the second one answers when the first one %s', async (_, find) => {
    const lookup = lookupOn(index, { fallbacks: [source('first', find), found] });

    expect(await lookup('ref:1')).toMatchObject({
      status: 'DEGRADED',
      source: 'second',
      matches: 1,
      contacts,
    });
    expect(found.find).toHaveBeenLastCalledWith(
      { identifier: 'ref:1', hashes: [hash], limit: 1 },
      expect.objectContaining({ left: expect.any(Function) }),
    );
  });

  it('after the first that finds a contact are not tried', async () => {
    const last = source('last', async () => ({ matches: 1, contacts }));

    expect(await lookupOn(index, { fallbacks: [found, last] })('ref:1')).toMatchObject({ source: 'second' });
    expect(last.find).not.toHaveBeenCalled();
  });

  it('come before the last known answer', async () => {
    const { index: failing, outage } = failingIndex();
    const first = source('first', async () => undefined);
    const lookup = lookupOn(failing, { fallbacks: [first] });
    await lookup('ref:1');
    outage.on = true;

    expect(await lookup('ref:1')).toMatchObject({ status: 'DEGRADED', source: 'cache' });
    expect(first.find).toHaveBeenCalledTimes(1);
  });

  it('answer DEGRADED without a contact when none of them finds one', async () => {
    const first = source('first', async () => undefined);

    const answer = await lookupOn(index, { fallbacks: [first] })('ref:1');
    expect(answer).toEqual({ status: 'DEGRADED', matches: 0, contacts: [], message: expect.any(String) });
  });

  it('get the time that they reserve, and end with the budget', async () => {
    jest.useFakeTimers();
    const left: number[] = [];
    const silent = createFakeLookupIndex({ before: () => new Promise(() => undefined) });
    const slow: FallbackSource = {
      name: 'slow',
      reserveMs: 400,
      find(_, deadline) {
        left.push(deadline.left());
        return new Promise(() => undefined);
      },
    };
    const answer = lookupOn(silent, { budgetMs: 1_000, fallbacks: [slow] })('ref:1');
    await jest.advanceTimersByTimeAsync(600);
    expect(left).toEqual([400]);
    await jest.advanceTimersByTimeAsync(400);

    expect(await answer).toMatchObject({ status: 'DEGRADED', matches: 0 });
  });
});

it('ends within its budget when a table does not answer at all', async () => {
  const source = createFakeLookupIndex({ before: () => new Promise(() => undefined) });
  jest.useFakeTimers();
  const answer = lookupOn(source, { budgetMs: 60 })('ref:1');
  await jest.advanceTimersByTimeAsync(60);

  expect(await answer).toMatchObject({ status: 'DEGRADED', matches: 0 });
});

it('ends within its budget when the keys do not come', async () => {
  const keys = { keyring: () => new Promise<never>(() => undefined), budgetMs: 30 };
  expect(await lookupOn(createFakeLookupIndex({}), keys)('ref:1')).toMatchObject({ status: 'DEGRADED' });
});

it('is degraded when the keys are unavailable', async () => {
  const keys = { keyring: () => Promise.reject(new UnavailableError('KEYS_UNAVAILABLE', 'x')) };
  expect(await lookupOn(createFakeLookupIndex({}), keys)('ref:1')).toMatchObject({ status: 'DEGRADED' });
});

it('is degraded by a contact that cannot be opened, rather than an error', async () => {
  const forged = { ...jane, blob: jane.blob.map((byte, i) => (i === 40 ? byte ^ 1 : byte)) };
  const source = createFakeLookupIndex({ rows: { [hash]: ['C-1'] }, items: [forged] });

  expect(await lookupOn(source)('ref:1')).toMatchObject({ status: 'DEGRADED', matches: 0 });
});

it('throws on a fault of its own', async () => {
  const source = createFakeLookupIndex({
    before: () => {
      throw awsError('ValidationException');
    },
  });
  await expect(lookupOn(source)('ref:1')).rejects.toMatchObject({ name: 'ValidationException' });
});
