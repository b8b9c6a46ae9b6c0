import { createCipheriv } from 'node:crypto';
import { CipherError, decrypt, encrypt } from '#core/platform/keys/cipher.ts';
import { createKeyring, type Keyring } from '#core/platform/keys/keyring.ts';
import { testKeyring } from '#support/contacts.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const bytes = (length: number, from = 0) => Buffer.from(Array.from({ length }, (_, i) => from + i));

const PLAINTEXT = '{"firstName":"Jane"}';

/** Made with Python's cryptography from the comment in cipher.ts. If it changes, stored contacts are lost. */
const PINNED =
  '010007000102030405060708090a0b0c0d0e0f6465666768696a6b6c6d6e6fac28e5b85fdec4076cbe2bf395ab80c3054ddbf068ccfa30b6de1a1c154b9e9d15bda1b3';
const JANE = { kind: 'contact', id: 'C-1' } as const;
const pinnedKeyring = createKeyring('main', [{ version: 7, secret: bytes(64) }]);

it('rests on AES-256-GCM as its specification publishes it (McGrew and Viega, test case 16)', () => {
  const cipher = createCipheriv(
    'aes-256-gcm',
    hex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'),
    hex('cafebabefacedbaddecaf888'),
  );
  cipher.setAAD(hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'));
  const plaintext = hex(
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
  );
  expect(Buffer.concat([cipher.update(plaintext), cipher.final()]).toString('hex')).toBe(
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
  );
  expect(cipher.getAuthTag().toString('hex')).toBe('76fc6ece0f4e1768cddf8853bb2d551b');
});

it('encrypts as another implementation of the design does', () => {
  const random = (size: number) => bytes(size, size === 16 ? 0 : 100);
  expect(encrypt(pinnedKeyring, JANE, Buffer.from(PLAINTEXT), random).toString('hex')).toBe(PINNED);
});

it('opens what another implementation of the design encrypted', () => {
  expect(decrypt(pinnedKeyring, JANE, hex(PINNED)).toString()).toBe(PLAINTEXT);
});

it('gives back what it encrypted, even nothing', () => {
  for (const text of [PLAINTEXT, '', 'ü'.repeat(50_000)]) {
    expect(decrypt(testKeyring(), JANE, encrypt(testKeyring(), JANE, Buffer.from(text))).toString()).toBe(
      text,
    );
  }
});

it('never encrypts the same text to the same blob', () => {
  const blobs = Array.from({ length: 20 }, () => encrypt(testKeyring(), JANE, Buffer.from(PLAINTEXT)));
  expect(new Set(blobs.map((blob) => blob.toString('hex', 0, 31))).size).toBe(20);
});

it('opens what an older version in use encrypted', () => {
  const old = encrypt(testKeyring([1]), JANE, Buffer.from(PLAINTEXT));
  expect(decrypt(testKeyring([2, 1]), JANE, old).toString()).toBe(PLAINTEXT);
});

describe('refuses, by name,', () => {
  type Resource = Parameters<typeof decrypt>[1];
  const MAIN = testKeyring();
  const sealed = encrypt(testKeyring(), JANE, Buffer.from(PLAINTEXT));

  it('a blob with any bit flipped', () => {
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const forged = Buffer.from(sealed);
      forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(faultOf(() => decrypt(testKeyring(), JANE, forged))).toBe(
        bit < 8 ? 'UNKNOWN_FORMAT' : bit < 24 ? 'UNKNOWN_KEY_VERSION' : 'FORGED',
      );
    }
  });

  it('a blob cut anywhere', () => {
    for (let length = 0; length < sealed.length; length += 1) {
      const cut = sealed.subarray(0, length);
      expect(faultOf(() => decrypt(testKeyring(), JANE, cut))).toBe(length < 47 ? 'TRUNCATED' : 'FORGED');
    }
  });

  it.each<[string, Keyring, Resource, Buffer, string]>([
    ['a blob with something after its end', MAIN, JANE, Buffer.concat([sealed, Buffer.of(0)]), 'FORGED'],
    ['a blob of another contact', MAIN, { kind: 'contact', id: 'C-2' }, sealed, 'FORGED'],
    ['a blob of another kind with the same id', MAIN, { kind: 'message', id: 'C-1' }, sealed, 'FORGED'],
    ['a blob of another organization', testKeyring([1], 'other'), JANE, sealed, 'FORGED'],
    [
      'a blob whose organization and contact id are the same letters, cut elsewhere',
      MAIN,
      JANE,
      encrypt(testKeyring([1], 'mainC'), { kind: 'contact', id: '-1' }, Buffer.from(PLAINTEXT)),
      'FORGED',
    ],
    [
      'a blob that pretends to be of another version in use',
      testKeyring([2, 1]),
      JANE,
      Buffer.from(sealed).fill(2, 2, 3),
      'FORGED',
    ],
    ['a blob of a version that is no longer in use', testKeyring([2]), JANE, sealed, 'UNKNOWN_KEY_VERSION'],
  ])('%s', (_, keyring, resource, blob, fault) => {
    expect(faultOf(() => decrypt(keyring, resource, blob))).toBe(fault);
  });

  it('without telling the contact or what is in it', () => {
    try {
      decrypt(testKeyring(), { kind: 'contact', id: 'MARKED' }, sealed);
    } catch (error) {
      expect(String(error)).not.toContain('MARKED');
    }
    expect.assertions(1);
  });
});

function faultOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CipherError) return error.code;
    throw error;
  }
  return 'opened';
}
