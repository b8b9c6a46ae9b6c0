import { createIdentifierParser } from '#core/contacts/identifiers.ts';
import { createLookup, type LookupOptions } from '#core/contacts/lookup/index.ts';
import { UnavailableError } from '#core/platform/errors.ts';
import { awsError, testKeyring } from '#support/contacts.ts';
import { createFakeLookupIndex, storedContact } from '#support/fake-lookup.ts';

const keyring = testKeyring();
const hash = keyring.hash('ref:1');
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
  let down = false;
  const failing = createFakeLookupIndex({
    rows: { [hash]: ['C-1'] },
    items: [jane],
    before: () => {
      if (down) throw awsError('InternalServerError');
      return undefined;
    },
  });

  beforeEach(() => {
    down = false;
  });

  it('tells the last known answer, and that it is from the cache', async () => {
    const lookup = lookupOn(failing);
    await lookup('ref:1');
    down = true;

    expect(await lookup('ref:1')).toMatchObject({
      status: 'DEGRADED',
      source: 'cache',
      matches: 1,
      contacts: [{ contactId: 'C-1' }],
    });
  });

  it('tells no last known answer that is older than five minutes', async () => {
    let time = 0;
    const lookup = lookupOn(failing, { now: () => time });
    await lookup('ref:1');
    down = true;
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
    const source = createFakeLookupIndex({
      rows,
      items: [jane],
      before: () => {
        if (down) throw awsError('InternalServerError');
        return undefined;
      },
    });
    const lookup = lookupOn(source);
    await lookup('ref:1');
    delete rows[hash];
    await lookup('ref:1');
    down = true;

    expect(await lookup('ref:1')).toMatchObject({ status: 'DEGRADED', contacts: [] });
  });
});

it('ends within its budget when a table does not answer at all', async () => {
  const source = createFakeLookupIndex({ before: () => new Promise(() => undefined) });
  jest.useFakeTimers();
  try {
    const answer = lookupOn(source, { budgetMs: 60 })('ref:1');
    await jest.advanceTimersByTimeAsync(60);

    expect(await answer).toMatchObject({ status: 'DEGRADED', matches: 0 });
  } finally {
    jest.useRealTimers();
  }
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
