import { resolve } from 'node:path';
import type { JsonObject } from '#tools/json.ts';
import { deployCustomResources } from './custom-resources/deploy.ts';
import { acquireDataDir } from './data-dir.ts';
import { createDemo } from './demo/load-demo.ts';
import { checkDynamodbEndpoint, withEndpointHint } from './dynamodb-endpoint.ts';
import { createDeadLetterQueues } from './emulators/dead-letter-queues.ts';
import { type AwsEmulator, formatTextLine, MAIN_NUMBER, startAwsEmulator } from './emulators/index.ts';
import { createEngineClient, createTables, type Engine, startEngine } from './engine/index.ts';
import { tableSchemas } from './engine/tables.ts';
import {
  checkEventSources,
  createEventBus,
  createEventSources,
  createTopics,
} from './event-sources/event-sources.ts';
import type { Listener } from './http.ts';
import { createAsyncInvoker } from './lambda/async-invoker.ts';
import type { LogListener } from './lambda/environment-pool.ts';
import { functionDefinitions } from './lambda/function-definitions.ts';
import { createFunctionHost, type FunctionHost } from './lambda/function-host.ts';
import { serveInvokeApi } from './lambda/invoke-api.ts';
import type { Options } from './options.ts';
import { checkPorts } from './ports.ts';
import { API_KEY, serveRestApi } from './rest/rest-api.ts';
import { type CallRouting, readCallRouting, type StackUrls } from './startup-message.ts';
import { INBOUND_TEXTS_TOPIC_ARN, readTemplate, type Template } from './template/index.ts';

export interface LocalStack {
  urls: StackUrls;
  callRouting: CallRouting;
  /** Resolves with a message when a part fails that the stack needs. */
  failure: Promise<string>;
  stop(): Promise<void>;
}

export interface LocalStackOptions extends Options {
  root: string;
  dynamodbEndpoint: string | undefined;
  onLog: LogListener;
  /** Receives what to show while the stack starts. */
  onProgress(text: string): void;
}

/** Starts everything of the template, and runs each schedule once. */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const cleanups: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    return { ...(await start(options, (cleanup) => cleanups.push(cleanup))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Its first run can take minutes, when a crash left texts to send. The start does not wait for it. */
const DISPATCHER = 'MessageDispatcherFunction';

/** Registers a cleanup. They run in reverse order. */
type OnStop = (cleanup: () => Promise<void> | void) => void;

async function start(options: LocalStackOptions, later: OnStop): Promise<Omit<LocalStack, 'stop'>> {
  // What an administrator would choose: the main number, a queue for VIPs, and an origination identity.
  const chosen = { PhoneNumberId: MAIN_NUMBER.Id, VipQueue: 'VIP', SmsOriginationIdentity: 'FROM_NUMBER' };
  const parameters = { ...chosen, ...options.parameters };
  const template = readTemplate(options.root, { parameters });
  checkEventSources(template);
  checkDynamodbEndpoint(options.dynamodbEndpoint);
  await checkPorts(options, options.dynamodbEndpoint === undefined);
  const dataDir = prepareDataDir(options, later);

  const services = await startServices(options, template, dataDir, later);
  const lambda = await serveInvokeApi(options.lambdaPort);
  later(lambda.stop);
  const parts = await startFunctions(options, template, { ...services, lambda }, dataDir, later);
  later(lambda.serve(parts));
  const api = await serveRestApi(options.port, template, parts.host);
  later(api.stop);

  parts.sources.startStreams();
  const demo = createDemo(options.demo, dataDir, services.connect.state);
  const loaded = await demo.load(api.url, API_KEY);
  if (loaded !== undefined) options.onProgress(loaded);
  // Before the schedules, because the custom resources explain wrong settings best.
  const outputs = await deployCustomResources(template, parts.asynchronous, dataDir);
  await parts.asynchronous.idle();
  demo.finish();
  const failed = await parts.sources.startSchedules();
  if (failed.length > 0)
    options.onProgress(`The first run of ${failed.join(', ')} failed. See the log below.`);
  await parts.sources.caughtUp();
  const { host, asynchronous } = parts;
  services.events.publish = createEventBus(host.definitions.values(), asynchronous.accept);
  services.events.inboundText = createTopics(host.definitions.values(), asynchronous.accept);
  const { connect, engine } = services;
  return {
    urls: { api: api.url, lambda: lambda.url, connect: connect.url, dynamodb: engine.endpoint },
    callRouting: readCallRouting(connect.state, outputs.ConnectSetup ?? {}),
    failure: engine.ended.then(() => 'The embedded DynamoDB engine stopped. Start again.'),
  };
}

function prepareDataDir({ dataDir }: LocalStackOptions, later: OnStop): string | undefined {
  if (dataDir === undefined) return undefined;
  const path = resolve(dataDir);
  later(acquireDataDir(path));
  return path;
}

interface Services {
  connect: AwsEmulator;
  engine: Engine;
  /** Where Connect's events go. Set when the functions are ready. */
  events: {
    publish(event: JsonObject): void;
    /** Publishes a text that a caller sends. */
    inboundText(topicArn: string, message: JsonObject): void;
  };
}

/** What the functions call: the emulator and the tables. */
async function startServices(
  options: LocalStackOptions,
  template: Template,
  dataDir: string | undefined,
  later: OnStop,
): Promise<Services> {
  const events: Services['events'] = { publish() {}, inboundText() {} };
  const connect = await startAwsEmulator({
    port: options.connectPort,
    dataDir,
    onEvent: (event) => events.publish(event),
    onText: (text) => options.onProgress(formatTextLine(text)),
    onInboundText: (message) => events.inboundText(INBOUND_TEXTS_TOPIC_ARN, message),
  });
  later(connect.stop);
  const engine = await startEngine({
    root: options.root,
    port: options.dynamodbPort,
    endpoint: options.dynamodbEndpoint,
    ...(dataDir ? { dataDir } : {}),
  });
  later(engine.stop);
  const client = createEngineClient(engine.endpoint);
  const tables = tableSchemas(template).map(({ input }) => input);
  await withEndpointHint(options.dynamodbEndpoint, () => createTables(client, tables));
  client.destroy();
  return { connect, engine, events };
}

/** The loaded functions and their event sources. */
async function startFunctions(
  { root, onLog }: LocalStackOptions,
  template: Template,
  { connect, engine, lambda }: Services & { lambda: Listener },
  dataDir: string | undefined,
  later: OnStop,
) {
  const endpoints = {
    dynamodb: engine.endpoint,
    connect: connect.url,
    kms: connect.url,
    s3: connect.s3Url,
    lambda: lambda.url,
    'sms-voice': connect.url,
  };
  const host = createFunctionHost(root, functionDefinitions(root, template, endpoints), onLog);
  later(host.stop);
  await loadFunctions(host);
  const queueNames = template.ofType('AWS::SQS::Queue').map(({ logicalId }) => logicalId);
  const queues = createDeadLetterQueues(dataDir, queueNames);
  const asynchronous = createAsyncInvoker(host, queues);
  later(asynchronous.stop);
  const sources = createEventSources({
    endpoint: engine.endpoint,
    dataDir,
    host,
    asynchronous,
    queues,
    dataStreams: [connect.agentEvents],
    fireAndForget: [DISPATCHER],
  });
  later(sources.stop);
  return { host, queues, asynchronous, sources };
}

/** Loads every function, to report all that cannot be loaded at once. */
async function loadFunctions(host: FunctionHost): Promise<void> {
  const faults = await host.load();
  if (faults.size === 0) return;
  const lines = [...faults].map(
    ([name, { errorType, errorMessage }]) => `  ${name}: ${errorType}: ${errorMessage}`,
  );
  throw new Error(`These functions cannot be loaded:\n${lines.join('\n')}`);
}
