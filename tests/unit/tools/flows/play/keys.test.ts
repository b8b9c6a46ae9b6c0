import { parseKeys } from '#tools/flows/play/index.ts';

const typed = (text: string) => parseKeys(text).map(({ presses }) => presses.map(({ key }) => key).join(''));

test('entries are separated by commas or spaces, and each key is one press', () => {
  expect(typed('1,1042#  *9')).toEqual(['1', '1042#', '*9']);
});

test('nothing at all is no entry', () => {
  expect(parseKeys('')).toEqual([]);
  expect(parseKeys(' , ')).toEqual([]);
});

test('a letter is the key that it stands on', () => {
  expect(typed('ada# Muller pqrs wxyz')).toEqual(['232#', '685537', '7777', '9999']);
});

test('a dash keys nothing', () => {
  expect(parseKeys('- 1')).toMatchObject([{ text: '-', presses: [] }, { presses: [{ key: '1' }] }]);
});

test('a dot waits a second before the key after it', () => {
  expect(parseKeys('..10...4')[0]?.presses).toEqual([
    { key: '1', afterSeconds: 2 },
    { key: '0', afterSeconds: 0 },
    { key: '4', afterSeconds: 3 },
  ]);
});

test('an exclamation mark keys while the question is asked', () => {
  expect(parseKeys('!1 1')).toMatchObject([{ duringPrompt: true }, { duringPrompt: false }]);
});

test.each([
  ['1 ?', /Entry 2 has a character that is not a key/],
  ['1+', /Entry 1 has a character that is not a key/],
  ['ü', /Entry 1 has a character that is not a key/],
  ['1 ...', /Entry 2 has no key/],
])('%s is refused by the place of the entry, not by what was typed', (text, message) => {
  expect(() => parseKeys(text)).toThrow(message);
  expect(() => parseKeys(text)).not.toThrow(text);
});
