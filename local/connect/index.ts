import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { BodyTooLargeError, type Listener, listen, readBody, sendJson } from '../http.ts';
import { ServiceError } from '../service-error.ts';
import { CONNECT_INSTANCE_ARN, isObject, type JsonObject, LOCAL, textAt } from '../template/index.ts';
import { internal, invalid, notFound, throttled } from './errors.ts';
import { apiCallEvent } from './event.ts';
import { createFaults, type Fault } from './faults.ts';
import { generateMac, unknownKmsOperation } from './kms.ts';
import type { OperationInput } from './operations.ts';
import { createQuota, type QUOTA } from './quota.ts';
import { CONNECT_ROUTES, type ConnectRoute } from './routes.ts';
import { createObjectStore, S3_PATH } from './s3.ts';
import { createUserStore, type UserStore } from './users.ts';

export type { ConnectUser, UserStore } from './users.ts';
export { newUserId, userArn } from './users.ts';

export interface ConnectStandIn extends Listener {
  /** Where the functions find S3. */
  s3Url: string;
  users: UserStore;
}

export interface ConnectOptions {
  port: number;
  dataDir?: string | undefined;
  quota?: typeof QUOTA;
  /** Gets what EventBridge would: one event for each change of a user. */
  onEvent: (event: JsonObject) => void;
}

/** Exports of a hundred thousand agents are the largest. */
const BODY_LIMIT = 32 * 1024 * 1024;

/** Speaks Connect's REST protocol for the calls we make; on the same port KMS's GenerateMac, and a place for exports. */
export async function startConnect(options: ConnectOptions): Promise<ConnectStandIn> {
  const users = createUserStore(options.dataDir);
  const quota = createQuota(options.quota);
  const answerS3 = createObjectStore();
  const faults = createFaults([...CONNECT_ROUTES.map(({ operation }) => operation), 'GenerateMac']);

  const listener = await listen(options.port, async (request, response) => {
    response.setHeader('x-amzn-requestid', randomUUID());
    try {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const bytes = await readBody(request, BODY_LIMIT);
      if (url.pathname.startsWith(S3_PATH)) return answerS3(request, response, url.pathname, bytes);
      const body = parseBody(bytes);
      if (url.pathname === '/_faults') return manageFaults(request, response, body);
      const target = request.headers['x-amz-target'];
      if (typeof target === 'string') return await answerKms(target, body, response);
      return await answerConnect(request, response, url, body);
    } catch (thrown) {
      const error = thrown instanceof BodyTooLargeError ? invalid(thrown.message) : thrown;
      if (!(error instanceof ServiceError)) throw error;
      const headers = { 'x-amzn-errortype': error.type };
      sendJson(response, error.status, { Message: error.message, __type: error.type }, headers);
    }
  });
  return { ...listener, users, s3Url: `${listener.url}${S3_PATH.slice(0, -1)}` };

  async function answerConnect(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: JsonObject,
  ): Promise<void> {
    const { route, input } = findRoute(request.method ?? '', url, body);
    if (!quota.take(route.operation)) throw throttled();
    const fault = await meetFault(route.operation);
    checkInstance(input);
    const { body: answer, change } = route.run(users, input);
    sendJson(response, 200, fault?.fault === 'empty-page' ? emptied(answer) : answer);
    if (change) options.onEvent(apiCallEvent(route.operation, change));
  }

  async function answerKms(target: string, body: JsonObject, response: ServerResponse): Promise<void> {
    if (target === 'TrentService.GenerateMac') await meetFault('GenerateMac');
    const reply = target === 'TrentService.GenerateMac' ? generateMac(body) : unknownKmsOperation(target);
    sendJson(response, reply.status, reply.body, { 'content-type': 'application/x-amz-json-1.1' });
  }

  async function meetFault(operation: string): Promise<Fault | undefined> {
    const fault = faults.take(operation);
    if (fault && fault.delayMs > 0) await delay(fault.delayMs);
    if (fault?.fault === '429') throw throttled();
    if (fault?.fault === '500') throw internal();
    return fault;
  }

  function manageFaults(request: IncomingMessage, response: ServerResponse, body: JsonObject): void {
    if (request.method === 'DELETE') faults.clear();
    if (request.method === 'POST') faults.add(body);
    sendJson(response, 200, { faults: faults.all() });
  }
}

function findRoute(
  method: string,
  url: URL,
  body: JsonObject,
): { route: ConnectRoute; input: OperationInput } {
  for (const route of CONNECT_ROUTES) {
    const match = route.method === method ? route.path.exec(url.pathname) : null;
    if (!match) continue;
    const path = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([key, value]) => [key, decoded(value)]),
    );
    return { route, input: { path, query: url.searchParams, body } };
  }
  throw new ServiceError(404, 'UnknownOperationException', 'The stand-in does not know this operation.');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('The path is not well encoded.');
  }
}

/** The one instance that exists here may be named by its id or its ARN. */
function checkInstance({ path, body }: OperationInput): void {
  const instance = path.InstanceId ?? textAt(body, 'InstanceId');
  if (path.resourceArn !== undefined) return;
  if (instance === undefined) throw invalid('Missing: InstanceId.');
  if (instance !== LOCAL.connectInstanceId && instance !== CONNECT_INSTANCE_ARN) {
    throw notFound('There is no such instance.');
  }
}

function parseBody(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  const body = parseJson(bytes.toString('utf8'));
  if (!isObject(body)) throw invalid('The body is not a JSON object.');
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('The body is not JSON.');
    throw error;
  }
}

/** The same answer as if nobody were there: the lists empty, and no further page. */
function emptied(answer: unknown): unknown {
  if (!isObject(answer)) return answer;
  const { NextToken, ...rest } = answer;
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, Array.isArray(value) ? [] : value]),
  );
}
