import { createHmac, hkdfSync } from 'node:crypto';
import { createKeyring } from '#core/platform/keys/keyring.ts';
import { testKeyring } from '#support/contacts.ts';

const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, i) => i));

it('rests on HKDF-SHA-256 as RFC 5869 publishes it (A.1)', () => {
  const key = hkdfSync(
    'sha256',
    Buffer.alloc(22, 0x0b),
    Buffer.from('000102030405060708090a0b0c', 'hex'),
    Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex'),
    42,
  );
  expect(Buffer.from(key).toString('hex')).toBe(
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  );
});

it.each([
  [Buffer.alloc(20, 0x0b), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    'Jefe',
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
])('rests on HMAC-SHA-256 as RFC 4231 publishes it (4.2, 4.3)', (key, data, digest) => {
  expect(createHmac('sha256', key).update(data).digest('hex')).toBe(digest);
});

// Computed with Python's hmac and hashlib. If this changes, no stored contact can be found any more.
it('hashes an identifier as another implementation of the design does', () => {
  const keyring = createKeyring('main', [{ version: 1, secret: bytes(64) }]);
  expect(keyring.hash('+14155550100')).toBe('vAKuQzCkzvANL7fO85w-drK3ogr1K6OgZGYMgxFGKos');
});

it('writes under the first version and reads under all of them', () => {
  const both = testKeyring([2, 1]);

  expect(both.newest).toBe(2);
  expect(both.versions).toEqual([2, 1]);
  expect(both.hash('ref:1')).toBe(testKeyring([2]).hash('ref:1'));
  expect(both.hashes('ref:1')).toEqual([testKeyring([2]).hash('ref:1'), testKeyring([1]).hash('ref:1')]);
});

it('gives organizations, identifiers and versions hashes of their own', () => {
  const hashes = [
    testKeyring([1], 'a').hash('b'),
    testKeyring([1], 'a').hash('c'),
    testKeyring([1], 'b').hash('b'),
    testKeyring([2], 'a').hash('b'),
  ];
  expect(new Set(hashes).size).toBe(4);
});

it('gives the keys of contents for versions in use only, each one different from the lookup key', () => {
  const keyring = testKeyring([2, 1]);
  const keys = [1, 2].map((version) => keyring.contentKey(version)?.export().toString('hex'));

  expect(new Set(keys).size).toBe(2);
  expect(keyring.contentKey(3)).toBeUndefined();
});

it('cannot be empty', () => {
  expect(() => createKeyring('main', [])).toThrow(RangeError);
});
