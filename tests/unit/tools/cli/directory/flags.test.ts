import { parseCommand } from '#tools/cli/directory/flags.ts';
import { openTarget } from '#tools/cli/directory/target.ts';

test.each([
  [['export', 'a.csv'], { name: 'export', file: 'a.csv', target: {} }],
  [['export', '-', '--table', 'T'], { name: 'export', file: '-', target: { table: 'T' } }],
  [['seed', '1000-1999'], { name: 'seed', range: '1000-1999', target: {} }],
  [['sync-status', '--endpoint', 'http://h'], { name: 'sync-status', target: { endpoint: 'http://h' } }],
  [['--help'], { name: 'help' }],
  [[], { name: 'help' }],
])('%j is %j', (argv, command) => {
  expect(parseCommand(argv)).toEqual(command);
});

test.each([
  [['fly'], 'There is no command "fly"'],
  [['export'], 'Say where to write'],
  [['seed'], 'Say which extensions'],
  [['export', 'a', 'b'], '"b" is too much'],
  [['sync-status', 'x'], '"x" is too much'],
  [['export', '-', '--nope'], '--nope'],
])('%j is refused: %s', (argv, words) => {
  expect(() => parseCommand(argv)).toThrow(words);
});

test('without flags the machine of npm start is meant', () => {
  const environment: NodeJS.ProcessEnv = {};

  expect(openTarget({}, environment).table).toBe('DirectoryTable');
  expect(environment.AWS_ENDPOINT_URL_DYNAMODB).toBe('http://127.0.0.1:8000');
});

test('a real table is never guessed', () => {
  expect(() => openTarget({ region: 'eu-central-1' }, {})).toThrow('--table (DIRECTORY_TABLE) is missing');
  expect(() => openTarget({ endpoint: 'https://dynamodb.example.com' }, {})).toThrow('--region (AWS_REGION)');
  expect(() => openTarget({ endpoint: 'localhost:8000' }, {})).toThrow('must be a URL');
});
