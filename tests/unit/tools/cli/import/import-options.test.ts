import { Command } from 'commander';
import { addImportOptions, formatOf } from '#tools/cli/import/import-options.ts';

test.each([
  ['a.csv', 'csv'],
  ['a.CSV', 'csv'],
  ['a.csv.rejected', 'csv'],
  ['a.b.ndjson.rejected.rejected', 'ndjson'],
  ['a.jsonl', 'ndjson'],
])('the name %s shows the format %s', (file, format) => {
  expect(formatOf(file)).toBe(format);
});

test('the options of an import are read', () => {
  const command = new Command();
  addImportOptions(command, 16);

  expect(command.parse(['a.csv'], { from: 'user' }).opts()).toEqual({ concurrency: 16 });
  expect(
    command.parse(['a', '--format', 'NDJSON', '--concurrency', '8', '--fresh'], { from: 'user' }).opts(),
  ).toEqual({ format: 'ndjson', concurrency: 8, fresh: true });
});
