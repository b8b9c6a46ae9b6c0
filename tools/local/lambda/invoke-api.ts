import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import { ServiceError } from '#tools/local/emulators/errors.ts';
import { BodyTooLargeError, type Listener, listen, readBody, sendJson } from '#tools/local/http.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import type { AsyncInvoker } from './async-invoker.ts';
import type { FunctionHost } from './function-host.ts';

const SYNCHRONOUS_LIMIT = 6 * 1024 * 1024;
const ASYNCHRONOUS_LIMIT = 1024 * 1024;
const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;

/** The functions that the API invokes. */
export interface InvokeBackend {
  host: FunctionHost;
  asynchronous: AsyncInvoker;
  queues: DeadLetterQueues;
}

/** Listens before the functions exist, because their environment holds its URL. */
export interface InvokeApi extends Listener {
  /** Enables invocations. Returns a function that disables them. While disabled, the API responds with 503. */
  serve(invokable: InvokeBackend): () => void;
}

/** The Invoke API on one port; `GET /_queues` shows the dead-letter queues. */
export async function serveInvokeApi(port: number): Promise<InvokeApi> {
  let served: InvokeBackend | undefined;
  const listener = await listen(port, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'GET' && url.pathname === '/_queues') {
      return sendJson(response, 200, served?.queues.all() ?? {});
    }
    const requestId = randomUUID();
    response.setHeader('x-amzn-requestid', requestId);
    try {
      if (!served) throw new ServiceError(503, 'ServiceException', 'The functions are not up.');
      await invoke(served, url, request, response);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const headers = { 'x-amzn-errortype': error.type };
      const type = error.status < 500 ? 'User' : 'Service';
      sendJson(
        response,
        error.status,
        { Type: type, Message: error.message, message: error.message },
        headers,
      );
    }
  });

  return {
    ...listener,
    serve(invokable) {
      served = invokable;
      return () => {
        served = undefined;
      };
    },
  };
}

async function invoke(
  invokable: InvokeBackend,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = INVOKE_PATH.exec(url.pathname);
  if (!path?.[1] || request.method !== 'POST') {
    throw new ServiceError(404, 'UnknownOperationException', 'The emulator supports only Invoke.');
  }
  const name = functionName(invokable.host, decodeName(path[1]), url.searchParams.get('Qualifier'));
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const event = await readEvent(request, type === 'Event' ? ASYNCHRONOUS_LIMIT : SYNCHRONOUS_LIMIT);
  switch (type) {
    case 'DryRun':
      response.writeHead(204).end();
      return;
    case 'Event':
      invokable.asynchronous.accept(name, event);
      response.writeHead(202).end();
      return;
    case 'RequestResponse':
      return answer(invokable.host, name, event, request, response);
    default:
      throw new ServiceError(
        400,
        'InvalidParameterValueException',
        'X-Amz-Invocation-Type is RequestResponse, Event or DryRun.',
      );
  }
}

async function answer(
  host: FunctionHost,
  name: string,
  event: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const clientContext = request.headers['x-amz-client-context'];
  const { requestId, outcome, log } = await host.invoke(name, event, decodeContext(clientContext));
  const failed = outcome.kind === 'failed';
  const tail = request.headers['x-amz-log-type'] === 'Tail';
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-amzn-requestid': requestId,
    'x-amz-executed-version': '$LATEST',
    ...(failed ? { 'x-amz-function-error': 'Unhandled' } : {}),
    ...(tail ? { 'x-amz-log-result': Buffer.from(log).subarray(-4096).toString('base64') } : {}),
  });
  response.end(failed ? JSON.stringify(outcome.error) : outcome.payload);
}

/** Accepts a name, an ARN, or a part of an ARN, with or without a version. */
function functionName(host: FunctionHost, given: string, qualifier: string | null): string {
  const [, name = given, suffix] =
    /^(?:(?:arn:[^:]+:lambda:[^:]*:)?[^:]+:function:)?([^:]+)(?::([^:]+))?$/.exec(given) ?? [];
  const version = qualifier ?? suffix ?? '$LATEST';
  if (host.definitions.has(name) && version === '$LATEST') return name;
  const arn = `arn:${LOCAL.partition}:lambda:${LOCAL.region}:${LOCAL.account}:function:${name}`;
  throw new ServiceError(
    404,
    'ResourceNotFoundException',
    `Function not found: ${arn}${version === '$LATEST' ? '' : `:${version}`}. ` +
      `There are ${[...host.definitions.keys()].join(', ')}.`,
  );
}

async function readEvent(request: IncomingMessage, limit: number): Promise<string> {
  let event: string;
  try {
    event = (await readBody(request, limit)).toString('utf8') || '{}';
  } catch (error) {
    if (!(error instanceof BodyTooLargeError)) throw error;
    const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
    throw new ServiceError(413, 'RequestTooLargeException', message);
  }
  try {
    JSON.parse(event);
    return event;
  } catch {
    throw new ServiceError(400, 'InvalidRequestContentException', 'Could not parse request body into json.');
  }
}

function decodeName(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new ServiceError(400, 'ValidationException', 'The function name has a % that is no escape.');
  }
}

function decodeContext(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  try {
    const text = Buffer.from(header, 'base64').toString('utf8');
    JSON.parse(text);
    return text;
  } catch {
    throw new ServiceError(
      400,
      'InvalidRequestContentException',
      'Client context must be a valid Base64-encoded JSON object.',
    );
  }
}
