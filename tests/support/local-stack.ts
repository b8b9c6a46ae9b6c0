import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ConnectClient } from '@aws-sdk/client-connect';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { engineFolder } from './engine.ts';
import { eventually } from './eventually.ts';

export { eventually } from './eventually.ts';

export interface Urls {
  api: string;
  lambda: string;
  connect: string;
  dynamodb: string;
}

export interface RunningStack {
  urls: Urls;
  /** Everything it wrote, on both streams. */
  output(): string;
  /** As Ctrl-C in a terminal does it: to everything that was started. The exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  process: ChildProcess;
}

export const ANY_PORTS = ['--port', '0', '--lambda-port', '0', '--connect-port', '0', '--dynamodb-port', '0'];
/** A small pool, because 4,000 extensions take seconds to seed. */
export const FEW_EXTENSIONS = ['--parameter', 'ExtensionRange=1000-1099'];
/** At one text a second, the fifth text of a test is left to the next run of the schedule, a minute later. */
export const MANY_TEXTS = ['--parameter', 'SmsMessagesPerSecond=50'];

export interface RunOptions {
  /** The folder of package.json and template.yaml; the repository when not given. */
  root?: string;
  environment?: Record<string, string>;
}

/**
 * Starts the stack as a user does, but does not build it again, because other tests use the same build.
 */
function run(args: string[], options: RunOptions = {}): ChildProcess {
  const { DYNAMODB_ENDPOINT, POWERTOOLS_LOG_LEVEL, POWERTOOLS_DEV, ...environment } = process.env;
  const child = spawn('npm', ['start', '--ignore-scripts', '--', ...args], {
    cwd: options.root ?? process.cwd(),
    // Without the cache that npm would leave in that folder.
    env: {
      ...environment,
      TMPDIR: engineFolder(),
      NODE_DISABLE_COMPILE_CACHE: '1',
      ...options.environment,
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (started.size === 0) process.on('exit', killAll);
  started.add(child);
  return child;
}

const started = new Set<ChildProcess>();

/** A test that fails early leaves nothing running. */
function killAll(): void {
  for (const child of started) signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
}

/** Runs it until it ends by itself. */
export async function runToEnd(
  args: string[],
  options: RunOptions = {},
): Promise<{ code: number | null; output: string }> {
  const child = run(args, options);
  const output = collect(child);
  // Not at its exit: what it wrote last may still be in the pipe.
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

/** One stack for all tests of a file, on any ports and with a small pool of extensions. */
export function useStack(args: string[] = [], options: RunOptions = {}): Omit<RunningStack, 'process'> {
  let running: RunningStack | undefined;
  beforeAll(async () => {
    running = await startStack([...ANY_PORTS, ...FEW_EXTENSIONS, ...args], options);
  });
  afterAll(() => running?.stop());
  const current = () => {
    if (!running) throw new Error('The stack has not started.');
    return running;
  };
  return {
    get urls() {
      return current().urls;
    },
    output: () => current().output(),
    stop: (signal) => current().stop(signal),
  };
}

/** Starts a stack and waits for its ready line. */
export async function startStack(args: string[], options: RunOptions = {}): Promise<RunningStack> {
  return untilReady(run(args, options));
}

export async function untilReady(child: ChildProcess): Promise<RunningStack> {
  const output = collect(child);
  const ended = once(child, 'close');
  const line = await Promise.race([
    readyLine(child, output),
    ended.then(() => Promise.reject(new Error(`It ended before it was up:\n${output()}`))),
  ]);
  return {
    urls: Object.fromEntries(
      [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name, url]) => [name, url]),
    ) as unknown as Urls,
    output,
    process: child,
    async stop(signal = 'SIGINT') {
      signalGroup(child, signal);
      await ended;
      return child.exitCode;
    },
  };
}

function collect(child: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

function readyLine(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve) => {
    child.stdout?.on('data', () => {
      const line = /^.*ready.*$(?=\n)/m.exec(output())?.[0];
      if (line) resolve(line);
    });
  });
}

const LOCAL = { region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Clients of the AWS SDK for a stack. */
export function createClients({ lambda, connect, dynamodb }: Urls, maxAttempts = 3) {
  return {
    lambda: new LambdaClient({ ...LOCAL, endpoint: lambda, maxAttempts }),
    connect: new ConnectClient({ ...LOCAL, endpoint: connect, maxAttempts }),
    dynamodb: new DynamoDBClient({ ...LOCAL, endpoint: dynamodb, maxAttempts }),
  };
}

/** Invokes a function as a contact flow or a person would. */
export async function invoke(client: LambdaClient, FunctionName: string, event: unknown) {
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
  return {
    functionError: answer.FunctionError,
    payload: JSON.parse(answer.Payload?.transformToString() || 'null'),
  };
}

/** The event of a contact flow with what matters to a test. */
export function flowEvent(from: string | undefined, parameters: Record<string, unknown> = {}) {
  return {
    Name: 'ContactFlowEvent',
    Details: {
      ContactData: {
        Attributes: {},
        Channel: 'VOICE',
        CustomerEndpoint: from === undefined ? null : { Address: from, Type: 'TELEPHONE_NUMBER' },
        ContactId: '5ca32fbd-8f92-46af-92a5-6b0f970f0efe',
        SystemEndpoint: { Address: '+18005550199', Type: 'TELEPHONE_NUMBER' },
      },
      Parameters: parameters,
    },
  };
}

/**
 * What a function of a contact flow answers. A table has two seconds, in which a busy machine may stand still: no test
 * of a stack needs a slow one, so the function is invoked again.
 */
export function ask(client: LambdaClient, FunctionName: string, event: unknown) {
  return eventually(
    () => invoke(client, FunctionName, event),
    ({ payload }) => payload?.status !== 'DEGRADED',
  );
}

/** A request to the REST API with the local API key. */
export async function request(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(url, {
    method,
    headers: { 'x-api-key': 'local', 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: text === '' ? undefined : JSON.parse(text) };
}
