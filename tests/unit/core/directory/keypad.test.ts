import { parseNameKeys } from '#core/directory/keypad.ts';

test.each([
  ['685537', '685537'],
  ['685537#', '685537'],
  ['*685 537#', '685537'],
  ['6850537', '685537'],
  ['76310526311', '7635263'],
  ['2'.repeat(40), '2'.repeat(32)],
])('%s becomes the keys %s', (digits, keys) => {
  expect(parseNameKeys(digits)).toBe(keys);
});

test.each([[undefined], [''], ['#'], ['68'], ['6801#'], ['000111']])(
  'rejects %j as too few digits and says what to pass',
  (digits) => {
    expect(() => parseNameKeys(digits)).toThrow(
      expect.objectContaining({
        code: 'TOO_FEW_DIGITS',
        field: 'digits',
        message: expect.stringContaining('at least 3 keys'),
      }),
    );
  },
);

test.each([['Müller'], ['+685537'], ['٦٨٥٥٣٧'], ['685-537'], ['{"a":1}']])(
  'rejects %j as invalid without repeating it',
  (digits) => {
    expect(() => parseNameKeys(digits)).toThrow(
      expect.objectContaining({
        code: 'INVALID_DIGITS',
        message: expect.not.stringContaining(digits),
      }),
    );
  },
);
