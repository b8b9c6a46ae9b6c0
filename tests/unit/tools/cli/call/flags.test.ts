import { parseCommand } from '#tools/cli/call/flags.ts';

test('without flags the first demo contact calls the machine of npm start and keys nothing', () => {
  expect(parseCommand([])).toEqual({
    from: '+14155550100',
    to: undefined,
    keys: [],
    states: { agents: {}, queues: {} },
    channel: 'VOICE',
    hangUpAfterSeconds: undefined,
    json: false,
    lambdaUrl: 'http://127.0.0.1:3001',
    connectUrl: 'http://127.0.0.1:3002',
  });
});

test('every flag is read', () => {
  const argv = [
    ...['--from', '+1 (415) 555-0123', '--to', '+18005550142', '--keys', '1,1042#', '--keys', '9'],
    ...['--agent', 'ada.martin=away', '--agent', 'ben.okafor=busy', '--queue', 'Basic=Queue=full'],
    ...['--channel', 'chat', '--hang-up', '30', '--json'],
    ...['--lambda-url', 'http://localhost:4001/', '--connect-url', 'http://localhost:4002'],
  ];

  expect(parseCommand(argv)).toMatchObject({
    from: '+14155550123',
    to: '+18005550142',
    keys: [{ text: '1' }, { text: '1042#' }, { text: '9' }],
    states: {
      agents: { 'ada.martin': 'away', 'ben.okafor': 'busy' },
      queues: { 'Basic=Queue': 'full' },
    },
    channel: 'CHAT',
    hangUpAfterSeconds: 30,
    json: true,
    lambdaUrl: 'http://localhost:4001',
    connectUrl: 'http://localhost:4002',
  });
});

test('a caller whose number is withheld has none', () => {
  expect(parseCommand(['--from', 'anonymous'])).toMatchObject({ from: undefined });
});

test.each([
  [['--keys', '-'], ['-']],
  [
    ['--keys', '-,1', '--json'],
    ['-', '1'],
  ],
  [['--keys=-'], ['-']],
])('%p begins with keying nothing', (argv, keys) => {
  expect(parseCommand(argv)?.keys.map(({ text }) => text)).toEqual(keys);
});

test.each([['--help'], ['-h']])('%s asks for help', (flag) => {
  expect(parseCommand([flag])).toBeUndefined();
});

test.each([
  [['--from', '4155550100'], '--from is a number with its country code, such as +14155550100, or anonymous.'],
  [['--to', 'anonymous'], '--to is a number with its country code, such as +14155550100.'],
  [['--keys', '1?'], '--keys: Entry 1 has a character that is no key'],
  [['--agent', 'ada.martin'], '--agent ada.martin: write NAME=STATE.'],
  [['--queue', '=full'], '--queue =full: write NAME=STATE.'],
  [['--agent', 'ada.martin=dead'], '--agent ada.martin=dead: "dead" is no state; there are available, busy,'],
  [['--queue', 'BasicQueue=x'], '--queue BasicQueue=x: "x" is no state; there are open, unstaffed,'],
  [['--queue', 'BasicQueue=away'], '"away" is no state'],
  [['--agent', 'ada.martin='], '"" is no state'],
  [['--channel', 'fax'], '--channel is voice or chat.'],
  [['--hang-up', 'soon'], '--hang-up is a whole number of seconds'],
  [['--lambda-url', 'localhost:3001'], '--lambda-url is a URL'],
  [['--keys'], "'--keys <value>' argument missing"],
  [['--loud'], "Unknown option '--loud'"],
  [['1042#'], "Unexpected argument '1042#'"],
])('%p is refused', (argv, message) => {
  expect(() => parseCommand(argv)).toThrow(
    expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) }),
  );
});
