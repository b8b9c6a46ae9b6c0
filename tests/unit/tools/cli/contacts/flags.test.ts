import { parseCommand } from '#tools/cli/contacts/flags.ts';

describe('the command line of contacts', () => {
  it.each([[[]], [['--help']], [['import', '-h']], [['help']]])('shows the help for %j', (argv) => {
    expect(parseCommand(argv)).toEqual({ name: 'help' });
  });

  it.each([
    ['a.csv', 'csv'],
    ['a.CSV', 'csv'],
    ['a.csv.rejected', 'csv'],
    ['a.b.ndjson.rejected.rejected', 'ndjson'],
    ['a.jsonl', 'ndjson'],
  ])('knows the format of %s by its name', (file, format) => {
    expect(parseCommand(['import', file])).toMatchObject({ file, format, parallel: 32, fresh: false });
  });

  it('takes every flag of an import', () => {
    const argv = [
      'import',
      'x',
      '--format',
      'csv',
      '--parallel',
      '8',
      '--fresh',
      '--table',
      'T',
      '--country',
      'DE',
    ];

    expect(parseCommand(argv)).toMatchObject({
      name: 'import',
      format: 'csv',
      parallel: 8,
      fresh: true,
      target: { table: 'T', country: 'DE' },
    });
  });

  it('takes every flag of a reindex', () => {
    const argv = [
      'reindex',
      '--segments',
      '8',
      '--parallel',
      '2',
      '--max-writes-per-second',
      '50',
      '--dry-run',
    ];

    expect(parseCommand(argv)).toMatchObject({
      segments: 8,
      parallel: 2,
      maxWritesPerSecond: 50,
      dryRun: true,
    });
  });

  it.each([
    [['copy'], 'There is no command "copy"'],
    [['import'], 'import needs a FILE'],
    [['import', 'a.csv', 'b.csv'], 'one FILE at a time'],
    [['import', 'a.txt'], 'add --format csv'],
    [['import', 'a.csv', '--format', 'xml'], '--format must be csv or ndjson'],
    [['import', 'a.csv', '--parallel', '0'], '--parallel must be a whole number from 1 to 50'],
    [['import', 'a.csv', '--dry-run'], '--dry-run'],
    [['reindex', 'a.csv'], 'flags only'],
    [['reindex', '--segments', 'many', '--parallel', '-1x'], ''],
    [['rotate-keys', '--dry-run'], '--dry-run'],
  ])('refuses %j and says why', (argv, message) => {
    expect(() => parseCommand(argv)).toThrow(message);
  });

  it('names all flags that are wrong at once', () => {
    expect(() => parseCommand(['import', '--parallel', 'x', '--format', 'xml'])).toThrow(
      /needs a FILE[\s\S]*--parallel/,
    );
  });
});
