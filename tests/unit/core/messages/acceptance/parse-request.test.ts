import fc from 'fast-check';
import type { AcceptRequest } from '#core/messages/acceptance/accept-request.ts';
import { parseRequest } from '#core/messages/acceptance/parse-request.ts';
import { InvalidInputError } from '#core/platform/errors.ts';

const sms = (parts: Partial<AcceptRequest>): AcceptRequest => ({
  idempotencyKey: 'order-17',
  from: '+16135550100',
  to: '+14155550100',
  content: 'Hello',
  origin: 'api',
  ...parts,
});

const refusal = (parts: Parameters<typeof sms>[0]) => {
  try {
    parseRequest(sms(parts));
  } catch (error) {
    if (error instanceof InvalidInputError) return { code: error.code, field: error.field };
    throw error;
  }
  return undefined;
};

test('normalizes numbers to E.164 and trims only the content', () => {
  const checked = parseRequest(
    sms({
      from: '+1 613 555 0100',
      to: '+1 (415) 555-0100',
      content: '\t Hello  you \n',
      idempotencyKey: ' k ',
    }),
  );

  expect(checked).toEqual(sms({ content: 'Hello  you', idempotencyKey: ' k ' }));
});

test.each([
  ['a key of one character', { idempotencyKey: 'k' }],
  ['a key of 256 characters', { idempotencyKey: 'k'.repeat(256) }],
  ['a key of 256 emoji', { idempotencyKey: '😀'.repeat(256) }],
  ['800 emoji, which are 1,600 characters over the air', { content: '😀'.repeat(800) }],
  ['content of one character', { content: '.' }],
  ['content of 1,600 characters', { content: 'x'.repeat(1_600) }],
  ['line ends, of whatever system', { content: 'Hello\r\nyou\nthere' }],
  ['1,600 characters between blanks', { content: ` ${'x'.repeat(1_600)} ` }],
])('accepts %s', (_, parts) => expect(refusal(parts)).toBeUndefined());

const CODES = {
  idempotencyKey: 'INVALID_IDEMPOTENCY_KEY',
  content: 'INVALID_CONTENT',
  toPhoneNumber: 'INVALID_PHONE_NUMBER',
  fromPhoneNumber: 'INVALID_PHONE_NUMBER',
};

test.each([
  ['an empty key', { idempotencyKey: ' ' }, 'idempotencyKey'],
  ['no content', { content: '' }, 'content'],
  ['only whitespace', { content: ' \n ' }, 'content'],
  ['a key of 257 characters', { idempotencyKey: 'k'.repeat(257) }, 'idempotencyKey'],
  ['a key of 257 emoji', { idempotencyKey: '😀'.repeat(257) }, 'idempotencyKey'],
  ['a key that is far too long', { idempotencyKey: 'k'.repeat(100_000) }, 'idempotencyKey'],
  ['801 emoji', { content: '😀'.repeat(801) }, 'content'],
  ['a text to the number that sends it', { to: '+1 613 555 0100' }, 'toPhoneNumber'],
  ['content of 1,601 characters', { content: 'x'.repeat(1_601) }, 'content'],
  ['half an emoji at the end', { content: 'Hello \ud83d' }, 'content'],
  ['half an emoji in a key', { idempotencyKey: '\ude00' }, 'idempotencyKey'],
  ['U+0000', { content: 'Hel\0lo' }, 'content'],
  ['a tab', { content: 'Hel\tlo' }, 'content'],
  ['an escape', { content: 'Hel\u001blo' }, 'content'],
  ['a number without a country code', { to: '(415) 555-0100' }, 'toPhoneNumber'],
  ['a country code that does not exist', { to: '+999 123 4567' }, 'toPhoneNumber'],
  ['a number that is too short', { to: '+1415555' }, 'toPhoneNumber'],
  ['a name', { to: 'Jane' }, 'toPhoneNumber'],
  ['a number that is too long', { from: '+1 613 555 0100 0000' }, 'fromPhoneNumber'],
  ['a short code', { from: '+12345' }, 'fromPhoneNumber'],
])('rejects %s', (_, parts, field) =>
  expect(refusal(parts)).toEqual({ code: CODES[field as keyof typeof CODES], field }),
);

test.each(['content', 'idempotencyKey'])(
  'bytes that were no UTF-8 are refused in %s, whatever other bytes they were',
  (field) => {
    const latin1 = Buffer.from('Gr\u00fc\u00dfe', 'latin1').toString('utf8');

    expect(refusal({ [field]: latin1 })).toEqual({ code: 'INVALID_UTF8', field });
    expect(() => parseRequest(sms({ [field]: latin1 }))).toThrow('not encoded in UTF-8');
  },
);

test('every request is accepted, or rejected with the field and without its values', () => {
  const text = fc.string({ unit: 'binary', maxLength: 400 });
  const halves = fc.string({ unit: fc.constantFrom('a', ' ', '\ud83d', '\ude00', '+', '1', '\0') });
  const any = fc.oneof(text, halves);

  fc.assert(
    fc.property(any, any, any, any, (idempotencyKey, from, to, content) => {
      const given = { idempotencyKey, from, to, content };
      try {
        expect(parseRequest(sms(given)).content).toBe(content.trim());
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidInputError);
        expect((error as InvalidInputError).field).toMatch(
          /^(idempotencyKey|fromPhoneNumber|toPhoneNumber|content)$/,
        );
        for (const value of [idempotencyKey, content]) {
          if (value.length > 20) expect((error as Error).message).not.toContain(value);
        }
      }
    }),
  );
});
