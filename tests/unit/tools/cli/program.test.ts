import { runCommand } from '#support/cli.ts';

test.each([
  ['contacts', ['import', 'reindex', 'rotate-keys']],
  ['directory', ['export', 'seed', 'sync-status']],
  ['phonebook', ['search', 'claim', 'import', 'block', 'unblock', 'list']],
  ['flows', ['check', 'draw', 'revision']],
])('the help of %s describes each of its commands, and the exit codes', async (group, commands) => {
  const { code, lines } = await runCommand([group, '--help']);

  expect(code).toBe(0);
  expect(lines).toContain(`Usage: npm run ${group} -- <command>`);
  for (const command of commands) expect(lines).toMatch(new RegExp(`^  ${command} .*\\w\\w`, 'm'));
  expect(lines).toContain('Exit codes: 0 done');
});

test.each([
  [
    ['contacts', 'import', '-h'],
    ['<file>', '--concurrency <n>', '--lookup-table <name>', 'KEY_VERSIONS'],
  ],
  [
    ['contacts', 'help', 'reindex'],
    ['--dry-run', '--segments <n>', '--contacts-table <name>'],
  ],
  [
    ['directory', 'seed', '--help'],
    ['<range>', '--directory-table <name>'],
  ],
  [
    ['phonebook', 'claim', '--help'],
    ['<number>', '--description', '--instance <arn>', 'Exit codes: 0 done; 2'],
  ],
  [
    ['call', '--help'],
    ['--from <number>', '--lambda-endpoint <url>', 'Exit codes: 0 the call ended'],
  ],
  [
    ['help', 'restore'],
    ['--from <table>', '--apply', '--dynamodb-endpoint <url>'],
  ],
])('the help for %j shows its arguments and options', async (argv, words) => {
  const { code, lines } = await runCommand(argv);

  expect(code).toBe(0);
  for (const word of words) expect(lines).toContain(word);
});

test('the help of a command does not show the options of another', async () => {
  const { lines } = await runCommand(['phonebook', 'claim', '--help']);

  for (const option of ['--fresh', '--state', '--contacts-table']) expect(lines).not.toContain(option);
});

test.each(['contacts', 'directory', 'phonebook', 'flows'])(
  '%s without a command shows its help, and fails',
  async (group) => {
    expect(await runCommand([group])).toMatchObject({
      code: 1,
      lines: '',
      errors: expect.stringContaining(`Usage: npm run ${group} -- <command>`),
    });
  },
);

// In contacts and phonebook, 2 means that some rows were left out.
test.each([
  [1, ['contacts', 'imprt'], "unknown command 'imprt'\n(Did you mean import?)", 'npm run contacts -- --help'],
  [1, ['contacts', 'import'], "missing required argument 'file'", 'npm run contacts -- import --help'],
  [1, ['contacts', 'import', 'a.csv', 'b.csv'], 'too many arguments', ''],
  [1, ['contacts', 'import', 'a.txt'], 'Add --format csv or --format ndjson', ''],
  [1, ['contacts', 'import', 'a.csv', '--format', 'xml'], '--format must be one of csv, ndjson.', ''],
  [
    1,
    ['contacts', 'import', 'a.csv', '--concurrency', '0'],
    '--concurrency must be a whole number from 1 to 50.',
    '',
  ],
  [1, ['contacts', 'import', 'a.csv', '--dry-run'], "unknown option '--dry-run'", ''],
  [1, ['contacts', 'reindex', 'a.csv'], 'too many arguments', ''],
  [1, ['contacts', 'reindex', '--segments', '-1x'], '--segments must be a whole number from 1 to 10000.', ''],
  [1, ['contacts', 'rotate-keys', '--dry-run'], "unknown option '--dry-run'", ''],
  [2, ['directory', 'export'], "missing required argument 'file'", ''],
  [2, ['directory', 'seed'], "missing required argument 'range'", ''],
  [2, ['directory', 'sync-status', 'x'], 'too many arguments', ''],
  [1, ['phonebook', '--region', 'x', 'list'], "unknown option '--region'", 'npm run phonebook -- --help'],
  [1, ['phonebook', 'block'], "missing required argument 'number'", ''],
  [1, ['phonebook', 'unblock', '613 555 0150'], 'has no country code', ''],
  [1, ['phonebook', 'search', '+44207'], 'Set --country: the country of +44207 is not clear.', ''],
  [1, ['phonebook', 'search', '113'], '"113" is not an area code of US', ''],
  [1, ['phonebook', 'search', '613', '--country', 'Canada'], '--country must be two letters', ''],
  [1, ['phonebook', 'search', '613', '--country', 'US'], '613 is an area code of CA, not of US', ''],
  [1, ['phonebook', 'search', '613', '--limit', '0'], '--limit must be a whole number from 1 to 1000.', ''],
  [1, ['phonebook', 'claim', '613 555 0150'], 'has no country code', ''],
  [1, ['phonebook', 'list', '--state', 'busy'], '--state must be one of UNUSED, RESERVED', ''],
  [2, ['flows', 'chek'], '(Did you mean check?)', ''],
  [2, ['flows', 'check', 'inbound'], 'too many arguments', ''],
  [
    2,
    ['restore', '--from', 'a'],
    "required option '--to <table>' not specified",
    'npm run restore -- --help',
  ],
  [
    2,
    ['call', '--from', '4155550100'],
    '--from must be a number with its country code, such as +14155550100, or anonymous.',
    '',
  ],
  [
    2,
    ['call', '--to', 'anonymous'],
    '--to must be a number with its country code, such as +14155550100.',
    '',
  ],
  [2, ['call', '--channel', 'fax'], '--channel must be one of voice, chat.', ''],
  [2, ['call', '--hang-up', 'soon'], '--hang-up must be a whole number of seconds', ''],
  [2, ['call', '--lambda-endpoint', 'localhost:3001'], '--lambda-endpoint must be a URL', ''],
  [2, ['call', '--keys'], "option '--keys <keys>' argument missing", ''],
  [2, ['call', '--keys', '1?'], '--keys: Entry 1 has a character that is not a key', ''],
  [2, ['call', '--agent', 'ada.martin'], '--agent ada.martin: write NAME=STATE.', ''],
  [2, ['call', '--queue', '=full'], '--queue =full: write NAME=STATE.', ''],
  [2, ['call', '1042#'], 'too many arguments', ''],
])('exit code %i for %j: %s', async (code, argv, message, help) => {
  const run = await runCommand(argv);

  expect(run).toMatchObject({ code, lines: '' });
  expect(run.errors).toMatch(/^error: /);
  expect(run.errors).toContain(message);
  expect(run.errors).toMatch(new RegExp(`\nFor help, run: ${help || 'npm run .*'}`));
});

test('every option whose value is wrong is named at once', async () => {
  const { errors } = await runCommand([
    'contacts',
    'import',
    'a.csv',
    '--concurrency',
    'x',
    '--format',
    'xml',
  ]);

  expect(errors).toMatch(/^error: --concurrency .*\n--format .*\nFor help/);
});

test('a number that is wrong is not repeated', async () => {
  const { errors } = await runCommand(['call', '--from', '415-555-0177']);

  expect(errors).not.toContain('0177');
});

test('a failure is exit code 1, and has no hint about the command line', async () => {
  expect(await runCommand(['directory', 'sync-status', '--region', 'eu-west-1'])).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/^error: The deployment is not fully specified:\n(?!.*For help)/s),
  });
});
