import { parseOptions, UsageError } from '#tools/local/options.ts';

test('without flags, the stack has its default ports and the demo', () => {
  expect(parseOptions([])).toEqual({
    port: 3000,
    lambdaPort: 3001,
    connectPort: 3002,
    dynamodbPort: 8000,
    dataDir: undefined,
    demo: true,
    help: false,
    parameters: {},
  });
});

test('flags change the options', () => {
  const args = ['--port', '0', '--data-dir', 'd', '--no-demo', '--parameter', 'A=1=2', '--parameter', 'B='];

  expect(parseOptions(args)).toMatchObject({
    port: 0,
    dataDir: 'd',
    demo: false,
    parameters: { A: '1=2', B: '' },
  });
});

test.each([
  [['--prot', '1'], /Unknown option '--prot'.*--help/],
  [['--port'], /--port/],
  [['--port', 'x'], /--port x is not a port/],
  [['--lambda-port', '65536'], /--lambda-port 65536/],
  [['--parameter', 'x'], /NAME=VALUE/],
  [['stray'], /stray/],
])('%j is rejected with the next step', (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
  expect(() => parseOptions(args)).toThrow(UsageError);
});
