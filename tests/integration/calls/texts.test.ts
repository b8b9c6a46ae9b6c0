// A flow of one's own that texts its caller: docs/examples/text-the-caller.json, as docs/flows.md shows it.
import { readFile } from 'node:fs/promises';
import { startFunctions, type TestFunctions } from '#support/functions.ts';
import { request } from '#support/local-stack.ts';
import { putNumber, storedMessages } from '#support/messages.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';
import { type CallInstance, type LambdaResult, playCall, spokenTexts } from '#tools/flows/play/index.ts';

const FLOW_SMS = 'arn:aws:lambda:eu-central-1:111122223333:function:FlowSmsFunction';
const FLOW = 'arn:aws:connect:eu-central-1:111122223333:instance/test/contact-flow/text';
const CALLED = '+16135550100';
const CALLER = '+14155550100';
const TEXTED = ['We have sent you a text. Goodbye.'];
const NOT_TEXTED = ['We will call you back at ten. Goodbye.'];

let tables: FreshTables;
let functions: TestFunctions;
let content: string;
let calls = 0;

beforeAll(async () => {
  tables = await freshTables();
  functions = await startFunctions(tables);
  await putNumber(tables, CALLED, { pool: 'direct', state: 'ASSIGNED' });
  const texts = { en: 'We will call you at {{time}}.', de: 'Wir rufen Sie um {{time}} an.' };
  await request(`${functions.apiUrl}/sms/templates/call-back`, 'PUT', { texts });
  const example = await readFile('docs/examples/text-the-caller.json', 'utf8');
  content = example.replaceAll(`\${FlowSmsFunctionArn}`, FLOW_SMS);
});

afterAll(() => functions?.stop());

interface TextCall {
  from?: string | undefined;
  to?: string;
  attributes?: Record<string, string>;
  source?: string;
  /** What Connect sees of each attempt, once the function has run. */
  seen?: (attempt: number, result: LambdaResult) => LambdaResult;
}

async function call({
  from,
  to = CALLED,
  attributes = {},
  source = content,
  seen = (_, same) => same,
}: TextCall) {
  const instance: CallInstance = {
    arn: 'arn:aws:connect:eu-central-1:111122223333:instance/test',
    flow: async () => ({ arn: FLOW, name: 'text', type: 'CONTACT_FLOW', content: source }),
    hasLambda: async (arn) => arn === FLOW_SMS,
    queue: async () => undefined,
    agent: async () => undefined,
  };
  const before = new Set((await storedMessages(tables)).map(({ messageId }) => messageId));
  let attempts = 0;
  const transcript = await playCall({
    instance,
    flow: FLOW,
    from,
    to,
    keys: [],
    attributes,
    newId: () => `contact-${++calls}`,
    async invoke({ event }) {
      const { answer, error } = await functions.invoke('FlowSmsFunction', event);
      attempts += 1;
      const payload = Buffer.from(JSON.stringify(answer ?? null));
      const result = error
        ? { kind: 'function-error' as const, ...error, durationMs: 5 }
        : { kind: 'answer' as const, payload, durationMs: 5 };
      return seen(attempts, result);
    },
  });
  const last = transcript.events.findLast((event) => event.type === 'lambda');
  const messages = (await storedMessages(tables)).filter(({ messageId }) => !before.has(messageId));
  return {
    heard: spokenTexts(transcript),
    answer: last?.type === 'lambda' ? last.answer : undefined,
    messages,
    attempts,
  };
}

test('a caller is texted from the number that was called', async () => {
  const { heard, answer, messages } = await call({ from: CALLER });

  expect(heard).toEqual(TEXTED);
  expect(answer).toMatchObject({ status: 'ACCEPTED', segments: '1', language: 'en' });
  expect(messages).toMatchObject([{ messageId: answer?.messageId, from: CALLED, origin: 'flow' }]);
});

test('the text is in the language of the call', async () => {
  const { answer } = await call({ from: CALLER, attributes: { switchboard_language: 'de' } });
  expect(answer).toMatchObject({ status: 'ACCEPTED', language: 'de' });
});

test('when Connect does not hear the answer and tries again, there is still one text', async () => {
  const { heard, answer, messages, attempts } = await call({
    from: CALLER,
    seen: (attempt, result) => (attempt < 3 ? { kind: 'service-error', status: 500, durationMs: 5 } : result),
  });

  expect(attempts).toBe(3);
  expect(answer).toMatchObject({ status: 'DUPLICATE' });
  expect(heard).toEqual(TEXTED);
  expect(messages).toHaveLength(1);
});

test('a flow that comes round to the same block texts once', async () => {
  const again = JSON.parse(content);
  const texted = again.Actions.find(({ Identifier }: { Identifier: string }) => Identifier === 'texted');
  texted.Transitions.Conditions[0].NextAction = 'text-the-caller';

  const { heard, attempts, messages } = await call({ from: CALLER, source: JSON.stringify(again) });

  expect(attempts).toBe(2);
  expect(heard).toEqual(TEXTED);
  expect(messages).toHaveLength(1);
});

test.each([
  ['withholds the number', { from: undefined }, 'ANONYMOUS'],
  ['called a number that may not send texts', { from: CALLER, to: '+18005550199' }, 'FROM_NOT_ALLOWED'],
])('a caller who %s hears something else', async (_, asked, status) => {
  const { heard, answer, messages } = await call(asked);

  expect(answer).toMatchObject({ status, message: expect.any(String) });
  expect(heard).toEqual(NOT_TEXTED);
  expect(messages).toEqual([]);
});

test('so does every caller while the template is missing', async () => {
  const { heard, answer } = await call({ from: CALLER, source: content.replace('"call-back"', '"other"') });

  expect(answer).toMatchObject({ status: 'NO_TEMPLATE' });
  expect(heard).toEqual(NOT_TEXTED);
});
