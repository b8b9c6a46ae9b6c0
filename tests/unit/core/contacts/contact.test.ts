import { MAX_CONTACT_BYTES, parseContact, parseContactId } from '#core/contacts/contact.ts';
import { createIdentifierParser } from '#core/contacts/identifiers.ts';

const parse = (body: unknown) => parseContact(body, createIdentifierParser('US'));

it('accepts a contact and makes its identifiers canonical, each once', () => {
  expect(
    parse({
      firstName: 'Jane',
      lastName: 'Doe',
      language: 'en-US',
      identifiers: ['(415) 555-0100', '+14155550100', 'Jane@Example.com', 'twitter:@jane', 'ref:CRM-17'],
      agentId: 'a1-b2',
      attributes: { tier: 'vip' },
      privateAttributes: { scores: [1, { a: null }] },
      version: 3,
    }),
  ).toEqual({
    body: {
      firstName: 'Jane',
      lastName: 'Doe',
      language: 'en-US',
      identifiers: ['+14155550100', 'jane@example.com', 'twitter:@jane', 'ref:CRM-17'],
      agentId: 'a1-b2',
      attributes: { tier: 'vip' },
      privateAttributes: { scores: [1, { a: null }] },
    },
    version: 3,
  });
});

it('accepts a contact of whom nothing is known', () => {
  expect(parse({})).toEqual({ body: { identifiers: [], attributes: {}, privateAttributes: {} } });
});

it('keeps attributes with the names of members that every object has', () => {
  const { body } = parse(JSON.parse('{"attributes":{"constructor":"a","__proto__":"b"}}'));
  expect(Object.entries(body.attributes)).toEqual([
    ['constructor', 'a'],
    ['__proto__', 'b'],
  ]);
});

it.each([
  [null, undefined],
  [[], undefined],
  ['text', undefined],
  [{ firstName: 5 }, 'firstName'],
  [{ lastName: 'n'.repeat(257) }, 'lastName'],
  [{ lastName: null }, 'lastName'],
  [{ language: 'english!' }, 'language'],
  [{ identifiers: '+14155550100' }, 'identifiers'],
  [{ identifiers: [5] }, 'identifiers[0]'],
  [{ identifiers: ['ref:1', 'ref:2', '+1415MARKED'] }, 'identifiers[2]'],
  [{ identifiers: ['anonymous'] }, 'identifiers[0]'],
  [{ agentId: 'a b' }, 'agentId'],
  [{ agentId: '' }, 'agentId'],
  [{ attributes: [] }, 'attributes'],
  [{ attributes: { tier: 5 } }, 'attributes'],
  [{ attributes: { 'a b': 'x' } }, 'attributes'],
  [{ privateAttributes: 'x' }, 'privateAttributes'],
  [{ privateAttributes: { 'a.b': 'x' } }, 'privateAttributes'],
  [{ version: -1 }, 'version'],
  [{ version: 1.5 }, 'version'],
  [{ version: '1' }, 'version'],
])('refuses %j because of %s', (body, field) => {
  expect(() => parse(body)).toThrow(
    expect.objectContaining({
      name: 'InvalidInputError',
      field,
      message: expect.not.stringContaining('MARKED'),
    }),
  );
});

it.each(['nickname', 'toString', '__proto__', 'contactId'])(
  'refuses the unknown field %s by its name',
  (field) => {
    expect(() => parse(JSON.parse(`{"${field}":"MARKED"}`))).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_FIELD',
        field,
        message: `The field "${field}" is not known.`,
      }),
    );
  },
);

it.each([
  ['\ud83d', '\ufffd'],
  [`${'x'.repeat(63)}😀${'y'.repeat(9)}`, `${'x'.repeat(63)}😀`],
  ['😀'.repeat(100), '😀'.repeat(64)],
])('names an unknown field with whole characters: %j', (field, named) => {
  expect(() => parse({ [field]: 1 })).toThrow(
    expect.objectContaining({ code: 'UNKNOWN_FIELD', field: named }),
  );
});

it('refuses a contact that is too large and names the limit and its size', () => {
  const body = { attributes: { note: 'ü'.repeat(MAX_CONTACT_BYTES / 2) } };
  expect(() => parse(body)).toThrow(
    expect.objectContaining({
      name: 'TooLargeError',
      message: expect.stringMatching(/65536 bytes .* 65562\./),
    }),
  );
  expect(() => parse({ attributes: { note: 'x'.repeat(MAX_CONTACT_BYTES - 26) } })).not.toThrow();
});

it('refuses more than fifty identifiers and names the limit and their number', () => {
  const identifiers = Array.from({ length: 51 }, (_, i) => `ref:${i}`);
  expect(() => parse({ identifiers })).toThrow(
    expect.objectContaining({
      name: 'TooLargeError',
      field: 'identifiers',
      message: expect.stringMatching(/50 identifiers.* 51\./),
    }),
  );
  expect(parse({ identifiers: identifiers.slice(1) }).body.identifiers).toHaveLength(50);
});

it('refuses a body that nests too deep, however deep', () => {
  const nested = (levels: number) =>
    JSON.parse(`{"privateAttributes":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`);
  expect(() => parse(nested(8))).not.toThrow();
  for (const levels of [9, 30_000]) {
    expect(() => parse(nested(levels))).toThrow(expect.objectContaining({ code: 'INVALID_BODY' }));
  }
});

it.each(['C-1', 'a', '_', 'x'.repeat(64)])('accepts the contact id %j', (contactId) => {
  expect(parseContactId(contactId)).toBe(contactId);
});

it.each(['', 'a b', 'a#b', 'é', '+14155550100', 'x'.repeat(65)])('refuses the contact id %j', (contactId) => {
  expect(() => parseContactId(contactId)).toThrow(
    expect.objectContaining({ code: 'INVALID_CONTACT_ID', field: 'contactId' }),
  );
});
