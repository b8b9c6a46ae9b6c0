import { matchesCondition } from '#tools/flows/play/flow/conditions.ts';

test.each([
  ['Equals', 'FOUND', 'FOUND', true],
  ['Equals', 'FOUND', 'found', false],
  ['TextStartsWith', 'de-DE', 'de', true],
  ['TextStartsWith', 'en-DE', 'de', false],
  ['TextEndsWith', 'de-DE', 'DE', true],
  ['TextEndsWith', 'de-AT', 'DE', false],
  ['TextContains', 'vip,renewal', 'renew', true],
  ['TextContains', 'vip', 'renew', false],
  ['NumberGreaterThan', '1', '0', true],
  ['NumberGreaterThan', '0', '0', false],
  ['NumberGreaterOrEqualTo', '3', '3', true],
  ['NumberGreaterOrEqualTo', '2', '3', false],
  ['NumberLessThan', '9', '10', true],
  ['NumberLessThan', '10', '10', false],
  ['NumberLessOrEqualTo', '10', '10', true],
  ['NumberLessOrEqualTo', '11', '10', false],
])('%s: "%s" against "%s" is %s', (operator, value, operand, expected) => {
  expect(matchesCondition(value, { operator, operands: [operand] })).toBe(expected);
});

test('an empty text and a word are no numbers', () => {
  expect(matchesCondition('', { operator: 'NumberLessThan', operands: ['1'] })).toBe(false);
  expect(matchesCondition('none', { operator: 'NumberGreaterOrEqualTo', operands: ['0'] })).toBe(false);
});

test('an operator that the flow language does not have is named, and so are those it has', () => {
  expect(() => matchesCondition('a', { operator: 'Matches', operands: ['a'] })).toThrow(
    'The operator "Matches" does not exist. Use one of Equals, TextStartsWith',
  );
  expect(() => matchesCondition('a', { operator: 'toString', operands: ['a'] })).toThrow(
    'The operator "toString" does not exist',
  );
});
