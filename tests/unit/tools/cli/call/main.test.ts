import { createFlow, GOODBYE, says, type TestAction } from '#support/calls.ts';
import { runCall } from '#tools/cli/call/main.ts';
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
async function call(...argv: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const addresses = [`--connect-url=${connect.url}`, `--lambda-url=${lambda.url}`];
  const code = await runCall([...addresses, ...argv], {
    line: (text) => void lines.push(text),
    error: (text) => void errors.push(text),
  });
  return { code, output: lines.join('\n'), errors: errors.join('\n') };
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

  const { code, output } = await call('--from', '+1 415 555 0123', '--keys', '9');

  expect(output).toMatch(/^ {1}0:00 {2}call {4}\+14155550123 calls \+18005550199$/m);
  expect(output).toMatch(/lambda {2}TestFunction ran \d+ ms\n +status = FOUND\n +name = Jane/);
  expect(output).toContain('says    "Hello Jane, you call from +14155550123."');
  expect(output).toMatch(
    /end {5}the flow hangs up after the words "Goodbye."\nKeys that no question asked for: 9$/,
  );
  expect(code).toBe(0);
});

test('a function that is not associated with the instance is not invoked', async () => {
  answeredBy(greeting);
  connect.state.lambdas.delete(FUNCTION);

  const { output } = await call();

  expect(output).toContain('the function is not associated with the instance');
});

test('--json prints one JSON object', async () => {
  answeredBy(GOODBYE);

  const { output, code } = await call('--json', '--from', 'anonymous');

  expect(JSON.parse(output)).toMatchObject({
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
    output: expect.stringMatching(/end {5}(the flow is wrong|cut off)/),
  });
});

test('an unknown number is exit code 2, and the error tells which numbers there are', async () => {
  answeredBy(GOODBYE);

  const { code, errors } = await call('--to', '+18005550111');

  expect(errors).toBe(
    '--to: +18005550111 is no number of the instance. The instance has these numbers:\n' +
      '  +18005550199 leads to a flow\n  +18005550142 leads to no flow\n' +
      'npm run call -- --help tells more.',
  );
  expect(code).toBe(2);
});

test.each([
  [['--loud'], 'npm run call -- --help tells more.'],
  [['--queue', 'BasicQueue=loud'], '"loud" is no state'],
  [['--agent', 'ada.martin=dead'], '"dead" is no state'],
  [['--queue', 'Foo=full'], '--queue: no queue is called Foo. The instance has BasicQueue'],
  [['--agent', 'nobody=away'], '--agent: no agent is called nobody.'],
  [['--agent', 'Ada.Tester=away', '--agent', 'ada.tester=away'], 'no agent is called Ada.Tester.'],
])(
  '%j is exit code 2 before the call is played, also when the flow asks for neither',
  async (argv, words) => {
    answeredBy(GOODBYE);
    putAgent('ada.tester');

    expect(await call(...argv)).toMatchObject({
      code: 2,
      output: '',
      errors: expect.stringContaining(words),
    });
  },
);

test('an agent and a queue that there are may be in any state', async () => {
  answeredBy(GOODBYE);
  putAgent('ada.tester');

  const states = ['--agent', 'ada.tester=answers:3', '--queue', 'BasicQueue=full'];
  expect(await call(...states)).toMatchObject({ code: 0, errors: '' });
});

test.each(['connect-url', 'lambda-url'])('that nobody answers at --%s is said at once', async (flag) => {
  const nobody = await listen(0, async () => {});
  await nobody.stop();

  expect(await call(`--${flag}`, nobody.url)).toEqual({
    code: 1,
    output: '',
    errors: `Nobody answers at ${nobody.url}. Is npm start running? --${flag} names another address.`,
  });
});

test('that the functions go away in the middle of a call is said in words', async () => {
  answeredBy(greeting);
  connect.state.lambdas.put(FUNCTION);
  const leaving = await listen(0, async ({ method, socket }, response) => {
    if (method === 'POST') socket.destroy();
    else response.end();
  });

  expect(await call(`--lambda-url=${leaving.url}`)).toEqual({
    code: 1,
    output: '',
    errors: 'The connection broke in the middle of the call. Is npm start still running?',
  });
  await leaving.stop();
});

test('an address that is not that of Connect is said to be none', async () => {
  const other = await listen(0, async (_request, response) => {
    response.writeHead(404, { 'x-amzn-errortype': 'UnknownOperationException' }).end('{}');
  });

  expect(await call(`--connect-url=${other.url}`)).toEqual({
    code: 1,
    output: '',
    errors: expect.stringContaining('What answers at --connect-url is not Amazon Connect.'),
  });
  await other.stop();
});

test('--help is exit code 0', async () => {
  expect(await call('--help')).toMatchObject({
    code: 0,
    output: expect.stringContaining('Usage: npm run call'),
  });
});
