import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ConnectStandIn, startConnect } from './connect/index.ts';
import { loadDemoAgents, loadDemoContacts } from './demo/index.ts';
import { createTables, engineClient, startEngine } from './engine/index.ts';
import { jsonFile } from './json-file.ts';
import { createAsynchronous } from './lambda/asynchronous.ts';
import { functionDefinitions } from './lambda/definition.ts';
import { createHost, type FunctionHost } from './lambda/host.ts';
import { serveInvokeApi } from './lambda/invoke-api.ts';
import type { LogListener } from './lambda/pool.ts';
import { lockDataDir } from './lock.ts';
import type { Options } from './options.ts';
import { checkPorts } from './ports.ts';
import { createQueues } from './queues.ts';
import { API_KEY, serveRestApi } from './rest/index.ts';
import { checkEventSources, createBus, createSources } from './sources/index.ts';
import { readTemplate } from './template/index.ts';
import { tableSchemas } from './template/tables.ts';

export interface Machine {
  urls: { api: string; lambda: string; connect: string; dynamodb: string };
  /** Resolves when a part ended that we cannot go on without; says which. */
  broken: Promise<string>;
  stop(): Promise<void>;
}

export interface MachineOptions extends Options {
  root: string;
  dynamodbEndpoint: string | undefined;
  onLog: LogListener;
  /** Told what is being done, for a person who waits. */
  onProgress(text: string): void;
}

/** The whole application on one machine: everything of the template, up and used once. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
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

type Later = (cleanup: () => Promise<void> | void) => void;

async function start(options: MachineOptions, later: Later): Promise<Omit<Machine, 'stop'>> {
  const { root, onProgress } = options;
  const template = readTemplate(root, { parameters: options.parameters });
  checkEventSources(template);
  await checkPorts(options, options.dynamodbEndpoint === undefined);
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir);
  if (dataDir) {
    mkdirSync(dataDir, { recursive: true });
    later(lockDataDir(dataDir));
  }

  const bus: { publish: ReturnType<typeof createBus> } = { publish: () => {} };
  const connect = await startConnect({
    port: options.connectPort,
    dataDir,
    onEvent: (event) => bus.publish(event),
  });
  later(connect.stop);
  const engine = await startEngine({
    root,
    port: options.dynamodbPort,
    endpoint: options.dynamodbEndpoint,
    ...(dataDir ? { dataDir } : {}),
  });
  later(engine.stop);
  const client = engineClient(engine.endpoint);
  await createTables(
    client,
    tableSchemas(template).map(({ input }) => input),
  );
  client.destroy();

  const endpoints = { dynamodb: engine.endpoint, connect: connect.url, kms: connect.url };
  const host = createHost(root, functionDefinitions(root, template, endpoints), options.onLog);
  later(host.stop);
  await loadFunctions(host);
  const queues = createQueues(
    dataDir,
    template.ofType('AWS::SQS::Queue').map(({ logicalId }) => logicalId),
  );
  const asynchronous = createAsynchronous(host, queues);
  later(asynchronous.stop);
  const sources = createSources({ endpoint: engine.endpoint, dataDir, host, asynchronous, queues });
  later(sources.stop);
  const lambda = await serveInvokeApi(options.lambdaPort, host, asynchronous, queues);
  later(lambda.stop);
  const api = await serveRestApi(options.port, template, host);
  later(api.stop);

  sources.startStreams();
  await loadDemoOnce(options, dataDir, connect, api.url);
  const failed = await sources.startSchedules();
  if (failed.length > 0) onProgress(`The first run failed of ${failed.join(', ')}: see its log below.`);
  await sources.caughtUp();
  bus.publish = createBus(host.definitions.values(), asynchronous.accept);
  return {
    urls: { api: api.url, lambda: lambda.url, connect: connect.url, dynamodb: engine.endpoint },
    broken: engine.ended.then(() => 'The embedded DynamoDB engine ended.'),
  };
}

/** A function that cannot be loaded would fail at its first call: better now, and all of them at once. */
async function loadFunctions(host: FunctionHost): Promise<void> {
  const faults = await host.warm();
  if (faults.size === 0) return;
  const lines = [...faults].map(
    ([name, { errorType, errorMessage }]) => `  ${name}: ${errorType}: ${errorMessage}`,
  );
  throw new Error(`These functions cannot be loaded:\n${lines.join('\n')}`);
}

/** Into new data only: what a data directory began as, with the demo or empty, it stays. */
async function loadDemoOnce(
  { demo, onProgress }: MachineOptions,
  dataDir: string | undefined,
  connect: ConnectStandIn,
  apiUrl: string,
): Promise<void> {
  const file = jsonFile(dataDir, 'demo.json', { wanted: demo, loaded: false });
  const { wanted, loaded } = file.value;
  if (wanted && !loaded) {
    const agents = loadDemoAgents(connect.users);
    const contacts = await loadDemoContacts(apiUrl, API_KEY);
    onProgress(`Demo data: ${agents} agents, ${contacts} contacts.`);
  }
  file.save({ wanted, loaded: wanted });
}
