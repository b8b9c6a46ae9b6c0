import { widthOf, wrap } from '#tools/flows/draw/text-layout.ts';

test('cuts between words, and keeps every line within the width', () => {
  const lines = wrap('Please key in the extension, then press the pound key.', 120, 'text');

  expect(lines.join(' ')).toBe('Please key in the extension, then press the pound key.');
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(widthOf(line, 'text')).toBeLessThanOrEqual(120);
});

test('cuts a word that is longer than a line, and loses no letter', () => {
  const lines = wrap('a DequeueContactAndTransferToQueue', 80, 'text');

  expect(lines.join('').replace('a', '')).toBe('DequeueContactAndTransferToQueue');
  for (const line of lines) expect(widthOf(line, 'text')).toBeLessThanOrEqual(80);
});

test('has no line for an empty text', () => expect(wrap(' ', 80, 'text')).toEqual([]));

test('leaves room for a font with wide letters', () => {
  // As wide as DejaVu Sans, which many Linux systems have, sets it in 13 pixels: 221.
  expect(widthOf('The operator cannot take another', 'text')).toBeGreaterThanOrEqual(221);
});
