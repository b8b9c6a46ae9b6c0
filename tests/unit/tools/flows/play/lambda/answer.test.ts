import { validateAnswer } from '#tools/flows/play/lambda/answer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const check = (answer: unknown, type: 'STRING_MAP' | 'JSON' = 'STRING_MAP') =>
  validateAnswer(bytes(JSON.stringify(answer)), type);

test('a flat object of texts is accepted', () => {
  const answer = { status: 'FOUND', 'attr_tier-1': '', name: 'Zoë' };

  expect(check(answer)).toEqual({ accepted: true, answer });
});

test.each([
  ['a number', { matches: 1 }, 'the value of "matches" is a number, not a string'],
  ['a boolean', { more: true }, 'the value of "more" is a boolean, not a string'],
  ['null', { name: null }, 'the value of "name" is null, not a string'],
  ['a list', { names: ['a'] }, 'the value of "names" is a list, not a string'],
  ['a nested object', { agent: { id: '1' } }, 'the value of "agent" is an object, not a string'],
  ['a key with a dot', { 'a.b': '1' }, 'the answer has a key with other characters'],
  ['an empty key', { '': '1' }, 'the answer has a key with other characters'],
  ['a list of answers', [{ status: 'FOUND' }], 'the answer is a list, not an object'],
  ['a text', 'FOUND', 'the answer is a string, not an object'],
  ['nothing', null, 'the answer is null, not an object'],
])('%s sends the caller down the error branch', (_, answer, why) => {
  expect(check(answer)).toEqual({ accepted: false, why: expect.stringContaining(why) });
});

test('32 KB are too much and one byte less is not', () => {
  const filled = (length: number) => JSON.stringify({ a: 'x'.repeat(length - '{"a":""}'.length) });

  expect(validateAnswer(bytes(filled(32 * 1024)), 'STRING_MAP')).toMatchObject({ accepted: false });
  expect(validateAnswer(bytes(filled(32 * 1024 - 1)), 'STRING_MAP')).toMatchObject({ accepted: true });
});

test('the limit counts bytes, not characters', () => {
  expect(check({ a: 'é'.repeat(16 * 1024) })).toMatchObject({ accepted: false });
});

test.each([
  ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'the answer is not UTF-8'],
  ['no JSON', bytes('FOUND'), 'the answer is not JSON'],
  ['no bytes', bytes(''), 'the answer is not JSON'],
])('%s is refused', (_, payload, why) => {
  expect(validateAnswer(payload, 'STRING_MAP')).toEqual({ accepted: false, why });
});

test('JSON allows nested values, but still an object', () => {
  expect(check({ agent: { id: 1 } }, 'JSON')).toMatchObject({ accepted: true });
  expect(check([1], 'JSON')).toMatchObject({ accepted: false });
});
