import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isObject, type JsonObject } from '#tools/json.ts';
import { BodyTooLargeError, type Listener, listen, readBody, sendJson } from '#tools/local/http.ts';
import { AGENT_EVENT_STREAM_ARN } from '#tools/local/template/index.ts';
import { createApiCallEvent } from './connect/api-call-event.ts';
import {
  CONNECT_ROUTES,
  checkInstance,
  createQuota,
  findRoute,
  type QUOTA,
  withEmptyLists,
} from './connect/request.ts';
import { type ConnectState, createConnectState } from './connect/state.ts';
import { HEARTBEAT_MS } from './connect/statuses.ts';
import { denied, internal, invalid, ServiceError, throttled } from './errors.ts';
import { createFaults, type Fault } from './faults.ts';
import { createDataStream, type DataStream } from './kinesis.ts';
import { generateMac, unknownKmsOperation } from './kms.ts';
import { createObjectStore, S3_PATH } from './s3.ts';
import { createSmsEmulator, SEND_TEXT, type SentText, SMS_FAULTS, SMS_PATH } from './sms.ts';

export interface AwsEmulator extends Listener {
  /** The S3 endpoint for the functions. */
  s3Url: string;
  state: ConnectState;
  /** The agent event stream. */
  agentEvents: DataStream;
  /** The sent texts, the oldest first. */
  texts(): SentText[];
}

export interface AwsEmulatorOptions {
  port: number;
  dataDir?: string | undefined;
  quota?: typeof QUOTA;
  /** Receives an EventBridge event for each change of a user. */
  onEvent: (event: JsonObject) => void;
  /** Receives each sent text. */
  onText?: (text: SentText) => void;
  /** Receives the message that End User Messaging publishes for an inbound text. */
  onInboundText?: (message: JsonObject) => void;
}

/** Large enough for an export of 100,000 agents. */
const BODY_LIMIT = 32 * 1024 * 1024;

/**
 * Emulates the operations of Connect that Switchboard uses. The same port serves GenerateMac of KMS, SendTextMessage of
 * End User Messaging, and an S3 bucket for exports.
 */
export async function startAwsEmulator(options: AwsEmulatorOptions): Promise<AwsEmulator> {
  const state = createConnectState(options.dataDir);
  const quota = createQuota(options.quota);
  const answerS3 = createObjectStore();
  const faults = createFaults([
    ...CONNECT_ROUTES.map(({ operation }) => operation),
    'GenerateMac',
    SEND_TEXT,
  ]);
  const { dataDir, onText = () => {}, onInboundText = () => {} } = options;
  const sms = createSmsEmulator({ dataDir, onText, onInboundText });

  const listener = await listen(options.port, async (request, response) => {
    response.setHeader('x-amzn-requestid', randomUUID());
    try {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const bytes = await readBody(request, BODY_LIMIT);
      if (url.pathname.startsWith(S3_PATH)) return answerS3(request, response, url.pathname, bytes);
      const body = parseBody(bytes);
      if (url.pathname === '/_faults') return manageFaults(request, response, body);
      if (url.pathname.startsWith(SMS_PATH)) return sms.manage(request, response, url.pathname, body);
      const target = request.headers['x-amz-target'];
      if (typeof target === 'string' && target.startsWith('TrentService.'))
        return await answerKms(target, body, response);
      if (typeof target === 'string') return await answerSms(target, body, response);
      return await answerConnect(request, response, url, body);
    } catch (thrown) {
      const error = thrown instanceof BodyTooLargeError ? invalid(thrown.message) : thrown;
      if (!(error instanceof ServiceError)) throw error;
      // An error without a type does not come from AWS.
      if (error.type === '') return void response.writeHead(error.status).end(error.message);
      const answer = { Message: error.message, __type: error.type, ...error.details };
      sendJson(response, error.status, answer, { 'x-amzn-errortype': error.type });
    }
  });
  const agentEvents = createDataStream(AGENT_EVENT_STREAM_ARN);
  const stopBeating = startHeartbeats(state, agentEvents);
  return {
    ...listener,
    async stop() {
      stopBeating();
      await listener.stop();
    },
    state,
    agentEvents,
    texts: sms.texts.all,
    s3Url: `${listener.url}${S3_PATH.slice(0, -1)}`,
  };

  async function answerConnect(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    body: JsonObject,
  ): Promise<void> {
    const { route, input } = findRoute(request.method ?? '', url, body);
    if (!quota.take(route.operation)) throw throttled();
    const fault = await meetFault(route.operation);
    if (fault?.fault === 'hang') return;
    if (route.instance) checkInstance(input);
    const { body: answer, change } = route.run(state, input);
    if (fault?.fault === 'answer-lost') response.destroy();
    else sendJson(response, 200, fault?.fault === 'empty-page' ? withEmptyLists(answer) : answer);
    if (change) options.onEvent(createApiCallEvent(route.operation, change));
  }

  async function answerKms(target: string, body: JsonObject, response: ServerResponse): Promise<void> {
    const fault = target === 'TrentService.GenerateMac' ? await meetFault('GenerateMac') : undefined;
    if (fault?.fault === 'hang') return;
    const reply = target === 'TrentService.GenerateMac' ? generateMac(body) : unknownKmsOperation(target);
    sendJson(response, reply.status, reply.body, { 'content-type': 'application/x-amz-json-1.1' });
  }

  async function answerSms(target: string, body: JsonObject, response: ServerResponse): Promise<void> {
    const fault = await meetFault(SEND_TEXT, SMS_FAULTS);
    if (fault?.fault !== 'hang') sms.answer(target, body, response, fault);
  }

  async function meetFault(operation: string, errors = CONNECT_FAULTS): Promise<Fault | undefined> {
    const fault = faults.take(operation);
    if (fault && fault.delayMs > 0) await delay(fault.delayMs);
    if (fault?.fault === '429') throw errors.throttled();
    if (fault?.fault === '500') throw errors.internal();
    if (fault?.fault === '502') throw new ServiceError(502, '', 'Bad Gateway');
    if (fault?.fault === 'access-denied') throw errors.denied();
    return fault;
  }

  function manageFaults(request: IncomingMessage, response: ServerResponse, body: JsonObject): void {
    if (request.method === 'DELETE') faults.clear();
    if (request.method === 'POST') faults.add(body);
    sendJson(response, 200, { faults: faults.all() });
  }
}

const CONNECT_FAULTS = { throttled, internal, denied };

/** Subscribes to agent events. Starts with heartbeats of the agents in the data directory. */
function startHeartbeats({ statuses }: ConnectState, stream: DataStream): () => void {
  statuses.subscribe((event) => stream.put(event.AgentARN, JSON.stringify(event)));
  statuses.sendHeartbeats(true);
  const timer = setInterval(() => statuses.sendHeartbeats(), HEARTBEAT_MS / 4);
  timer.unref();
  return () => clearInterval(timer);
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
