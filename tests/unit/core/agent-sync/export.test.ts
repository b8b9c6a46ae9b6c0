import { csvRow } from '#core/agent-sync/export.ts';

test('quotes what would break a row', () => {
  expect(csvRow(['plain', 'a,b', 'say "hi"', 'two\nlines'])).toBe(
    'plain,"a,b","say ""hi""","two\nlines"\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@sum', '\tx', '\rx'])('a spreadsheet does not run %j', (cell) => {
  expect(csvRow([cell])).toMatch(/^"?'/);
});
