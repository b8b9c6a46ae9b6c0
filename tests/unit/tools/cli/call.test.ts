import { createFlow, GOODBYE, says, type TestAction } from '#support/calls.ts';
import { runCommand } from '#support/cli.ts';
import { type AwsEmulator, newUserId, startAwsEmulator, userArn } from '#tools/local/emulators/index.ts';
import { type Listener, listen } from '#tools/local/http.ts';
import { LOCAL } from '#tools/local/template/index.ts';

const FUNCTION = `arn:${LOCAL.partition}:lambda:${LOCAL.region}:${LOCAL.account}:function:TestFunction`;
const MAIN = '+18005550199';

let connect: AwsEmulator;
let lambda: Listener;

beforeAll(async () => {
  connect = await startAwsEmulator({ port: 0, quota: { perSecond: 1e6, burst: 1e6 }, onEvent: () => {} });
  lambda = await listen(0, async (_request, response) => {
    response.end('{"status":"FOUND","name":"Jane"}');
  });
});

afterAll(async () => {
  await connect.stop();
  await lambda.stop();
});

/** Points the main number at a flow of these actions. */
function answeredBy(actions: Record<string, TestAction>): void {
  const { content } = createFlow(actions);
  const Id = 'tiny-flow';
  connect.state.flows.put({
    Id,
    Arn: `arn:flow/${Id}`,
    Name: 'tiny',
    Type: 'CONTACT_FLOW',
    State: 'ACTIVE',
    Status: 'PUBLISHED',
    Description: '',
    Content: content,
    Tags: {},
  });
  const number = connect.state.numbers.all().find(({ PhoneNumber }) => PhoneNumber === MAIN);
  if (number) connect.state.numbers.put({ ...number, ContactFlowId: Id });
}

function putAgent(Username: string): void {
  const Id = newUserId();
  const parts = { PhoneConfig: {}, Tags: {}, RoutingProfileId: 'r', SecurityProfileIds: [] };
  const IdentityInfo = { FirstName: 'Ada', LastName: 'Tester' };
  connect.state.users.put({ Id, Arn: userArn(Id), Username, IdentityInfo, ...parts });
}

/** Runs the command against these servers. */
function call(...argv: string[]) {
  const endpoints = [`--connect-endpoint=${connect.url}`, `--lambda-endpoint=${lambda.url}`];
  return runCommand(['call', ...endpoints, ...argv]);
}

const greeting: Record<string, TestAction> = {
  look: {
    type: 'InvokeLambdaFunction',
    parameters: { LambdaFunctionARN: FUNCTION },
    next: 'hello',
    errors: { NoMatchingError: 'bye' },
  },
  hello: says('Hello $.External.name, you call from $.CustomerEndpoint.Address.', 'bye'),
  ...GOODBYE,
};

test('a call is played with what the emulator holds, and the transcript is printed', async () => {
  answeredBy(greeting);
  connect.state.lambdas.put(FUNCTION);

  const { code, lines } = await call('--from', '+1 415 555 0123', '--keys', '9');

  expect(lines).toMatch(/^ {1}0:00 {2}call {4}\+14155550123 calls \+18005550199$/m);
  expect(lines).toMatch(/lambda {2}TestFunction ran \d+ ms\n +status = FOUND\n +name = Jane/);
  expect(lines).toContain('says    "Hello Jane, you call from +14155550123."');
  expect(lines).toMatch(/end {5}the flow hangs up after "Goodbye."\nUnused keys: 9\n$/);
  expect(code).toBe(0);
});

test('a function that is not associated with the instance is not invoked', async () => {
  answeredBy(greeting);
  connect.state.lambdas.delete(FUNCTION);

  const { lines } = await call();

  expect(lines).toContain('the function is not associated with the instance');
});

test('--json prints one JSON object', async () => {
  answeredBy(GOODBYE);

  const { lines, code } = await call('--json', '--from', 'anonymous');

  expect(JSON.parse(lines)).toMatchObject({
    from: 'anonymous',
    to: MAIN,
    channel: 'VOICE',
    events: [
      { type: 'flow', flow: 'tiny' },
      { at: 0, type: 'said', text: 'Goodbye.' },
    ],
    path: [
      { flow: 'tiny', action: 'bye', type: 'MessageParticipant' },
      { flow: 'tiny', action: 'end', type: 'DisconnectParticipant' },
    ],
    end: { kind: 'goodbye', text: 'Goodbye.' },
    unusedKeys: [],
  });
  expect(code).toBe(0);
});

test.each<[string, Record<string, TestAction>]>([
  ['is wrong', { hello: { type: 'PlayMusic' } }],
  ['hangs up without a word', { end: { type: 'DisconnectParticipant' } }],
])('a flow that %s is exit code 1', async (_, actions) => {
  answeredBy(actions);

  expect(await call()).toMatchObject({
    code: 1,
    lines: expect.stringMatching(/end {5}(the flow is invalid|cut off)/),
  });
});

test.each([
  [['--keys', '-'], ['-']],
  [
    ['--keys', '-,1', '--json'],
    ['-', '1'],
  ],
  [['--keys=-'], ['-']],
  [
    ['--keys', '1,1042#', '--keys', '9'],
    ['1', '1042#', '9'],
  ],
])('%j presses these keys: %j', async (argv, keys) => {
  answeredBy(GOODBYE);

  expect(JSON.parse((await call('--json', ...argv)).lines)).toMatchObject({ unusedKeys: keys });
});

test('the channel, the time of hanging up, and an endpoint with a slash at its end are accepted', async () => {
  answeredBy(GOODBYE);
  const options = ['--channel', 'chat', '--hang-up', '0', `--lambda-endpoint=${lambda.url}/`];

  expect(JSON.parse((await call('--json', ...options)).lines)).toMatchObject({
    channel: 'CHAT',
    end: { kind: 'hang-up' },
  });
});

test('an unknown number is exit code 2, and the error lists the numbers', async () => {
  answeredBy(GOODBYE);
  const numbers =
    'The instance has these numbers:\n  +18005550199 leads to a flow\n  +18005550142 leads to no flow\n' +
    'For help, run: npm run call -- --help\n';

  expect(await call('--to', '+18005550111')).toMatchObject({
    code: 2,
    errors: `error: --to: +18005550111 is not a number of the instance. ${numbers}`,
  });
  expect(await call('--to', '+18005550142')).toMatchObject({
    code: 2,
    errors: `error: --to: +18005550142 leads to no flow. ${numbers}`,
  });
});

test('an instance without a number that leads to a flow is exit code 1', async () => {
  const instance = connect.state.numbers;
  const all = instance.all();
  for (const { Id } of all) instance.delete(Id);

  expect(await call()).toMatchObject({
    code: 1,
    errors: expect.stringContaining('The instance has no numbers.'),
  });
  for (const { ContactFlowId: _, ...number } of all) instance.put(number);
  expect(await call()).toMatchObject({
    code: 1,
    errors: expect.stringContaining('No number of the instance leads to a flow.'),
  });
  for (const number of all) instance.put(number);
});

test.each([
  [['--queue', 'BasicQueue=loud'], '"loud" is no state; there are open, unstaffed,'],
  [['--queue', 'BasicQueue=away'], '"away" is no state'],
  [['--agent', 'ada.martin=dead'], '"dead" is no state; there are available, busy,'],
  [['--agent', 'ada.martin='], '"" is no state'],
  [['--queue', 'Foo=full'], '--queue: no queue has the name Foo. The instance has BasicQueue'],
  [['--agent', 'nobody=away'], '--agent: no agent has the user name nobody.'],
  [['--agent', 'Ada.Tester=away', '--agent', 'ada.tester=away'], 'no agent has the user name Ada.Tester.'],
])('%j is exit code 2 before the call is played, even if the flow uses neither', async (argv, words) => {
  answeredBy(GOODBYE);
  putAgent('ada.tester');

  expect(await call(...argv)).toMatchObject({ code: 2, lines: '', errors: expect.stringContaining(words) });
});

test('an agent and a queue that exist can be in any state', async () => {
  answeredBy(GOODBYE);
  putAgent('ada.tester');

  const states = ['--agent', 'ada.tester=answers:3', '--queue', 'BasicQueue=full'];
  expect(await call(...states)).toMatchObject({ code: 0, errors: '' });
});

test.each(['connect-endpoint', 'lambda-endpoint'])(
  'an error names --%s when nothing listens there',
  async (option) => {
    const closed = await listen(0, async () => {});
    await closed.stop();

    expect(await call(`--${option}`, closed.url)).toMatchObject({
      code: 1,
      lines: '',
      errors: `error: Cannot connect to ${closed.url}. Start the local stack with npm start, or set --${option}.\n`,
    });
  },
);

test('an error says that the connection broke during the call', async () => {
  answeredBy(greeting);
  connect.state.lambdas.put(FUNCTION);
  const leaving = await listen(0, async ({ method, socket }, response) => {
    if (method === 'POST') socket.destroy();
    else response.end();
  });

  expect(await call(`--lambda-endpoint=${leaving.url}`)).toMatchObject({
    code: 1,
    lines: '',
    errors: 'error: The connection broke during the call. Check that npm start is still running.\n',
  });
  await leaving.stop();
});

test('an error says that a server is not Amazon Connect', async () => {
  const other = await listen(0, async (_request, response) => {
    response.writeHead(404, { 'x-amzn-errortype': 'UnknownOperationException' }).end('{}');
  });

  expect(await call(`--connect-endpoint=${other.url}`)).toMatchObject({
    code: 1,
    lines: '',
    errors: expect.stringContaining('The server at --connect-endpoint is not Amazon Connect.'),
  });
  await other.stop();
});
