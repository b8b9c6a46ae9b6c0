import { parseCommand } from '#tools/cli/phonebook/flags.ts';
import { settlePhonebookTarget } from '#tools/cli/phonebook/target.ts';

test.each([
  [
    ['search', '613', '--country', 'ca'],
    { name: 'search', prefix: '+1613', country: 'CA', type: 'DID', limit: 20 },
  ],
  [['search', '+1613'], { name: 'search', prefix: '+1613', country: 'CA' }],
  [['search', '613'], { name: 'search', prefix: '+1613', country: 'CA' }],
  [['search', '+44207', '--country', 'GB'], { name: 'search', prefix: '+44207', country: 'GB' }],
  [['search', '30', '--country', 'DE'], { name: 'search', prefix: '+4930', country: 'DE' }],
  [['search', '833', '--type', 'toll_free', '--limit', '3'], { type: 'TOLL_FREE', limit: 3 }],
  [['claim', '+1 (613) 555-0150', '--yes'], { name: 'claim', phoneNumber: '+16135550150', yes: true }],
  [['claim', '+16135550150', '--description', 'Sales'], { yes: false, description: 'Sales' }],
  [
    ['import', 'n.csv'],
    { name: 'import', file: 'n.csv', format: 'csv', country: 'US', parallel: 16, fresh: false },
  ],
  [['import', 'n.txt', '--format', 'ndjson', '--fresh'], { format: 'ndjson', fresh: true }],
  [['list'], { name: 'list', state: undefined, pool: 'direct', limit: 1000 }],
  [['list', '--state', 'unused', '--table', 'T'], { state: 'UNUSED', flags: { table: 'T' } }],
  [['block', '+1 (613) 555-0150'], { name: 'block', phoneNumber: '+16135550150' }],
  [['unblock', '1042', '--table', 'T'], { name: 'unblock', phoneNumber: '1042', flags: { table: 'T' } }],
  [['--help'], { name: 'help', about: undefined }],
  [['claim', '--help'], { name: 'help', about: 'claim' }],
  [[], { name: 'help' }],
])('%j is %j', (argv, command) => {
  expect(parseCommand(argv)).toMatchObject(command);
});

test.each([
  [['fly'], 'There is no command "fly"'],
  [['--endpoint', 'http://127.0.0.1:1', 'list'], 'The command comes first, then its flags: one of search,'],
  [['block'], 'block needs a number'],
  [['unblock', '613 555 0150'], 'has no country code'],
  [['import'], 'import needs a FILE'],
  [['import', 'a.csv', 'b.csv'], 'one FILE at a time'],
  [['search'], 'search needs an area code'],
  [['search', '+44207'], '--country is needed'],
  [['search', '113'], '"113" is no area code of US'],
  [['search', '613', '--country', 'Canada'], '--country must be two letters'],
  [['search', '613', '--country', 'US'], '613 is an area code of CA, not of US'],
  [['search', '613', '416'], '"416" is too much'],
  [['search', '613', '--limit', '0'], '--limit must be a whole number'],
  [['claim', '613 555 0150'], 'has no country code'],
  [['claim'], 'claim needs a phone number'],
  [['import', 'numbers'], 'does not tell its format'],
  [['list', '--state', 'busy'], '--state must be one of UNUSED, RESERVED'],
  [['list', '--nope'], '--nope'],
])('%j is refused: %s', (argv, words) => {
  expect(() => parseCommand(argv)).toThrow(words);
});

test('without flags the machine of npm start is meant', () => {
  const environment: NodeJS.ProcessEnv = {};

  expect(settlePhonebookTarget({}, ['table', 'instance', 'stack'], environment)).toMatchObject({
    table: 'DirectoryTable',
    instance: expect.stringContaining(':instance/'),
    stack: 'switchboard',
  });
  expect(environment.AWS_ENDPOINT_URL_CONNECT).toBe('http://127.0.0.1:3002');
});

test('nothing of a real deployment is guessed, and only what the command needs is asked for', () => {
  const aws = { region: 'eu-central-1' };
  const settle = (needed: Parameters<typeof settlePhonebookTarget>[1]) => () =>
    settlePhonebookTarget(aws, needed, {});

  expect(settle(['instance', 'stack'])).toThrow(
    '--instance (CONNECT_INSTANCE_ARN) is missing; --stack (STACK_NAME) is missing',
  );
  expect(settle(['table'])).toThrow('--table (DIRECTORY_TABLE) is missing');
  expect(() => settlePhonebookTarget({ instance: '10ca' }, ['instance'], {})).toThrow('must be the ARN');
  expect(() => settlePhonebookTarget({ 'connect-endpoint': 'here' }, [], {})).toThrow(
    '--connect-endpoint must be a URL',
  );
});
