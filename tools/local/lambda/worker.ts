// One execution environment of one function in a worker thread: the required part of Lambda's Node.js runtime.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionError, WorkerData, WorkerMessage, WorkerRequest } from './worker-protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

/** Lambda's limit for the answer of a synchronous invocation. */
const ANSWER_LIMIT = 6 * 1024 * 1024 + 100;

const port = parentPort;
if (!port) throw new Error('tools/local/lambda/worker.ts runs as a worker thread only.');
const send = (message: WorkerMessage) => port.postMessage(message);

// Logs go through the port, so that they arrive before the response.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    send({ kind: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}

const { file, handler: name } = workerData as WorkerData;
const loading = load();
// Before anything can fail: a listener keeps the thread alive, so that its messages arrive.
port.on('message', async (request: WorkerRequest) => handle(await loading, request));
loading.then(
  () => send({ kind: 'loaded' }),
  (error: unknown) => send({ kind: 'not loaded', error: describe(error) }),
);

async function load(): Promise<Handler> {
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const handler = module[name];
  if (typeof handler === 'function') return handler as Handler;
  throw Object.assign(new Error(`${name} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
}

async function handle(handler: Handler, request: WorkerRequest): Promise<void> {
  try {
    const answer = (await handler(JSON.parse(request.event), contextOf(request))) ?? null;
    send(reply(answer));
  } catch (error) {
    const described = describe(error);
    process.stdout.write(`${request.requestId}\tERROR\tInvoke Error\t${JSON.stringify(described)}\n`);
    send({ kind: 'failed', error: described });
  }
}

function reply(answer: unknown): WorkerMessage {
  let payload: string;
  try {
    payload = JSON.stringify(answer) ?? 'null';
  } catch {
    const errorMessage = 'Unable to stringify response body';
    return { kind: 'failed', error: { errorType: 'Runtime.MarshalError', errorMessage, trace: [] } };
  }
  if (Buffer.byteLength(payload) <= ANSWER_LIMIT) return { kind: 'answer', payload };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${ANSWER_LIMIT} bytes).`;
  return { kind: 'failed', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}

function contextOf(request: WorkerRequest) {
  return {
    awsRequestId: request.requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: request.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: request.functionArn,
    memoryLimitInMB: String(request.memoryMb),
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    ...(request.clientContext ? { clientContext: JSON.parse(request.clientContext) } : {}),
    getRemainingTimeInMillis: () => Math.max(0, request.deadline - Date.now()),
  };
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  const importing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
  return {
    errorType: importing ? 'Runtime.ImportModuleError' : error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}
