import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '#support/folder.ts';
import type { FunctionDefinition } from '#tools/local/lambda/function-definitions.ts';
import { createFunctionHost, type FunctionHost } from '#tools/local/lambda/function-host.ts';

const folder = newFolder();
const hosts: FunctionHost[] = [];
let logged = '';

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
  logged = '';
});

/** A host with one function, made of a module's text. */
function hostOf(source: string, changes: Partial<FunctionDefinition> = {}): FunctionHost {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, source);
  const definition: FunctionDefinition = {
    name: 'TestFunction',
    arn: 'arn:aws:lambda:eu-central-1:111122223333:function:TestFunction',
    file,
    handler: 'handler',
    timeoutMs: 60_000,
    memoryMb: 128,
    environment: { SETTING: 'of the template' },
    properties: {},
    ...changes,
  };
  const host = createFunctionHost(process.cwd(), [definition], (_, text) => {
    logged += text;
  });
  hosts.push(host);
  return host;
}

const invoke = async (source: string, event: unknown = {}, changes: Partial<FunctionDefinition> = {}) => {
  const { outcome } = await hostOf(source, changes).invoke('TestFunction', JSON.stringify(event));
  return outcome.kind === 'answer' ? { answer: JSON.parse(outcome.payload) } : { error: outcome.error };
};

test('a function gets its event, its context and only its own environment', async () => {
  process.env.NOT_FOR_FUNCTIONS = 'x';
  const { answer } = await invoke(
    `export const handler = async (event, context) => ({ event, env: process.env, name: context.functionName,
       id: context.awsRequestId, left: context.getRemainingTimeInMillis(), memory: context.memoryLimitInMB });`,
    { a: 1 },
  );

  expect(answer).toMatchObject({
    event: { a: 1 },
    env: { SETTING: 'of the template' },
    name: 'TestFunction',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    memory: '128',
  });
  expect(answer.left).toBeGreaterThan(10_000);
  expect(answer.left).toBeLessThanOrEqual(60_000);
  expect(answer.env.NOT_FOR_FUNCTIONS).toBeUndefined();
});

test('an answer of nothing is null', async () => {
  expect(await invoke('export const handler = async () => {};')).toEqual({ answer: null });
});

test('what a function throws is reported by type, message and trace', async () => {
  const { error } = await invoke('export const handler = async () => { throw new RangeError("too far"); };');

  expect(error).toEqual({
    errorType: 'RangeError',
    errorMessage: 'too far',
    trace: expect.arrayContaining(['RangeError: too far', expect.stringContaining('    at ')]),
  });
  expect(logged).toContain('Invoke Error');
});

test('a function that takes too long is ended and replaced', async () => {
  const source = `let events = 0;
    export const handler = async ({ hangs }) => { events++; if (hangs) await new Promise(() => {}); return events; };`;
  const one = hostOf(source, { timeoutMs: 1_500 });

  const { outcome, requestId, log } = await one.invoke('TestFunction', '{"hangs":true}');
  const next = await one.invoke('TestFunction', '{}');

  expect(outcome).toEqual({
    kind: 'failed',
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.50 seconds`,
    },
  });
  expect(next.outcome).toEqual({ kind: 'answer', payload: '1' });
  const line = new RegExp(`^20\\d\\d-\\S+Z ${requestId} Task timed out after 1\\.50 seconds$`, 'm');
  expect(logged).toMatch(line);
  expect(log).toMatch(line);
});

test('a function that blocks its thread is ended as well', async () => {
  const { error } = await invoke('export const handler = async () => { for (;;); };', {}, { timeoutMs: 200 });

  expect(error?.errorType).toBe('Sandbox.Timedout');
});

test('events run at once, each in an environment of its own', async () => {
  const meeting = mkdtempSync(join(folder, 'meeting-'));
  // Each waits until all four are there: one after the other they would wait until their time limit.
  const one = hostOf(`import { readdirSync, writeFileSync } from 'node:fs';
    import { threadId } from 'node:worker_threads';
    let running = 0;
    export const handler = async () => {
      running++;
      writeFileSync(${JSON.stringify(`${meeting}/`)} + threadId, '');
      while (readdirSync(${JSON.stringify(meeting)}).length < 4) await new Promise((look) => setTimeout(look, 5));
      return running--;
    };`);
  await one.load();

  const results = await Promise.all(Array.from({ length: 4 }, () => one.invoke('TestFunction', '{}')));

  expect(results.map(({ outcome }) => outcome)).toEqual(Array(4).fill({ kind: 'answer', payload: '1' }));
});

test('more events than environments wait for their turn, and none is lost', async () => {
  const one = hostOf(
    'export const handler = async (event) => { await new Promise((end) => setTimeout(end, 5)); return event; };',
  );

  const results = await Promise.all(
    Array.from({ length: 60 }, (_, index) => one.invoke('TestFunction', String(index))),
  );

  expect(results.map(({ outcome }) => outcome.kind === 'answer' && Number(outcome.payload))).toEqual(
    Array.from({ length: 60 }, (_, index) => index),
  );
});

test.each([
  [
    'a module that throws',
    'throw Object.assign(new Error("no settings"), { name: "ConfigurationError" });',
    /^ConfigurationError: no settings$/,
  ],
  [
    'an import that fails',
    'import "not-installed"; export const handler = 1;',
    /^Runtime\.ImportModuleError: .*not-installed/,
  ],
  ['a missing handler', 'export const other = () => {};', /^Runtime\.HandlerNotFound: handler is undefined/],
])('%s is known when the functions are loaded, and at each event', async (_, source, expected) => {
  const one = hostOf(source);
  const text = (error?: { errorType: string; errorMessage: string }) =>
    `${error?.errorType}: ${error?.errorMessage}`;

  expect(text((await one.load()).get('TestFunction'))).toMatch(expected);
  const { outcome } = await one.invoke('TestFunction', '{}');
  expect(outcome.kind === 'failed' && text(outcome.error)).toMatch(expected);
});

test.each([
  ['exits', 'process.exit(3)', /exit status 3/],
  [
    'throws outside of its event',
    'setTimeout(() => { throw new Error("late"); }); await new Promise(() => {})',
    /exit status 1/,
  ],
])('a function that %s is reported and replaced', async (_, statement, message) => {
  const one = hostOf(
    `export const handler = async (event) => { if (event.go) { ${statement} } return 'fine'; };`,
  );

  const { outcome } = await one.invoke('TestFunction', '{"go":true}');

  expect(outcome).toMatchObject({
    kind: 'failed',
    error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(message) },
  });
  expect((await one.invoke('TestFunction', '{}')).outcome).toEqual({ kind: 'answer', payload: '"fine"' });
});

test('a function that needs more memory than the template gives it is ended', async () => {
  const source =
    'export const handler = async () => { const all = []; for (;;) all.push(Array(1e5).fill(Math.random())); };';
  const { error } = await invoke(source, {}, { memoryMb: 32 });

  expect(error?.errorType).toBe('Runtime.OutOfMemory');
}, 120_000);

test('an answer larger than Lambda takes, or that is no JSON, is an error', async () => {
  const large = await invoke('export const handler = async () => "x".repeat(7 * 1024 * 1024);');
  const circular = await invoke('export const handler = async () => { const a = {}; a.a = a; return a; };');

  expect(large.error?.errorType).toBe('Function.ResponseSizeTooLarge');
  expect(circular.error?.errorType).toBe('Runtime.MarshalError');
});

test('what a function writes arrives with its event and is told to the listener', async () => {
  const { log, requestId } = await hostOf(
    'export const handler = async () => { console.log("one"); console.error("two"); process.stdout.write("three"); };',
  ).invoke('TestFunction', '{}');

  expect(log).toMatch(
    new RegExp(`^START RequestId: ${requestId} .*\none\ntwo\nthreeEND RequestId: ${requestId}\nREPORT`),
  );
  expect(logged).toBe('one\ntwo\nthree');
});
