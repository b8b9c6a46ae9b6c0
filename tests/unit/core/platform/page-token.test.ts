import fc from 'fast-check';
import { createPageToken, readPageToken } from '#core/platform/page-token.ts';

const LIST = ['numbers', 'UNUSED'];

test('a token gives its place back, to the list that it is of', () => {
  expect(readPageToken(LIST, undefined)).toBeUndefined();
  const place = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
  fc.assert(fc.property(place, (text) => readPageToken(LIST, createPageToken(LIST, text)) === text));
});

const forged = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

test.each([
  ['empty', ''],
  ['no JSON', 'x'],
  ['with something behind it', `${createPageToken(LIST, 'a')}=`],
  ['too long', createPageToken(LIST, 'a'.repeat(1_000))],
  ['of nothing', createPageToken(LIST, '')],
  ['of half a character', createPageToken(LIST, '\ud83d')],
  ['of no text', forged([...LIST, { S: 1 }])],
  ['no list', forged('a')],
  ['null', forged(null)],
  ['an empty list', forged([])],
  ['of another list', createPageToken(['numbers', 'ASSIGNED'], 'a')],
  ['of a shorter list', createPageToken(['numbers'], 'a')],
])('a token that is %s is refused', (_, token) => {
  expect(() => readPageToken(LIST, token)).toThrow(
    expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_TOKEN', field: 'nextToken' }),
  );
});
