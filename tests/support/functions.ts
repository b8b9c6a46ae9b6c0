import type { JsonObject } from '#tools/json.ts';
import { createDeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import { type AwsEmulator, startAwsEmulator } from '#tools/local/emulators/index.ts';
import { createEventSources } from '#tools/local/event-sources/event-sources.ts';
import { type AsyncInvoker, createAsyncInvoker } from '#tools/local/lambda/async-invoker.ts';
import { functionDefinitions, type ServiceEndpoints } from '#tools/local/lambda/function-definitions.ts';
import { createFunctionHost } from '#tools/local/lambda/function-host.ts';
import { serveInvokeApi } from '#tools/local/lambda/invoke-api.ts';
import type { FunctionError } from '#tools/local/lambda/worker-protocol.ts';
import { serveRestApi } from '#tools/local/rest/rest-api.ts';
import { readTemplate } from '#tools/local/template/index.ts';
import type { FreshTables } from './tables.ts';

export interface TestFunctions {
  /** Invokes a built function by its logical id, in a worker with the template's environment. */
  invoke(name: string, event: unknown): Promise<FunctionResult>;
  /** The REST API in front of them; the key is `local`. */
  apiUrl: string;
  /** Delivers the tables' streams to the functions until nothing is left. */
  drainStreams(): Promise<void>;
  /** Everything the functions logged. */
  log(): string;
  /** What takes events for a function without waiting for it. */
  asynchronous: AsyncInvoker;
  /** The emulator for Connect (and KMS) that they call. */
  connect: AwsEmulator;
  /** What EventBridge would have been told of. */
  events: JsonObject[];
  stop(): Promise<void>;
}

export interface FunctionResult {
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the function gives; the test says what it expects
  answer?: any;
  error?: FunctionError;
}

export interface TestFunctionOptions {
  /** Replaces environment variables of the template; undefined takes one away. */
  environment?: Record<string, string | undefined>;
  /** Values of the template's parameters. */
  parameters?: Record<string, string>;
  quota?: { perSecond: number; burst: number };
  /** Milliseconds in place of the template's, by function. */
  timeouts?: Record<string, number>;
  /** Stands between the functions and the services; a function's access key is then its name. */
  through?: (endpoints: ServiceEndpoints) => Promise<ServiceEndpoints>;
}

const NO_QUOTA = { perSecond: 1e6, burst: 1e6 };

/** 4,000 extensions take seconds to seed. */
const FEW_EXTENSIONS = '1000-1099';

/** A machine that is busy with other tests may stand still for the two seconds that a caller waits for a table. */
const PATIENT_BUDGET_MS = '6000';

/** The built artifact (run `npm run build` before) in the worker host, on tables of its own. */
export async function startFunctions(
  tables: FreshTables,
  options: TestFunctionOptions = {},
): Promise<TestFunctions> {
  const root = process.cwd();
  const events: JsonObject[] = [];
  const connect = await startAwsEmulator({
    port: 0,
    quota: options.quota ?? NO_QUOTA,
    onEvent: (event) => events.push(event),
  });
  const lambda = await serveInvokeApi(0);
  const template = readTemplate(root, {
    parameters: { ExtensionRange: FEW_EXTENSIONS, ...options.parameters },
    names: {
      ContactsTable: tables.contacts,
      LookupTable: tables.lookup,
      DirectoryTable: tables.directory,
      MessagesTable: tables.messages,
      IdempotencyTable: tables.idempotency,
    },
  });
  const direct = {
    dynamodb: tables.endpoint,
    connect: connect.url,
    kms: connect.url,
    s3: connect.s3Url,
    lambda: lambda.url,
    'sms-voice': connect.url,
  };
  const endpoints = options.through ? await options.through(direct) : direct;
  const definitions = functionDefinitions(root, template, endpoints).map((definition) => ({
    ...definition,
    timeoutMs: options.timeouts?.[definition.name] ?? definition.timeoutMs,
    environment: replaced(
      {
        ...definition.environment,
        ...('LOOKUP_BUDGET_MS' in definition.environment ? { LOOKUP_BUDGET_MS: PATIENT_BUDGET_MS } : {}),
        ...(options.through ? { AWS_ACCESS_KEY_ID: definition.name } : {}),
      },
      options.environment ?? {},
    ),
  }));
  let log = '';
  const host = createFunctionHost(root, definitions, (name, text) => {
    log += `[${name}] ${text}`;
  });

  const api = await serveRestApi(0, template, host);
  const queues = createDeadLetterQueues(undefined, []);
  const asynchronous = createAsyncInvoker(host, queues);
  lambda.serve({ host, asynchronous, queues });

  return {
    apiUrl: api.url,
    async invoke(name, event) {
      const { outcome } = await host.invoke(name, JSON.stringify(event));
      return outcome.kind === 'answer' ? { answer: JSON.parse(outcome.payload) } : { error: outcome.error };
    },
    async drainStreams() {
      const sources = createEventSources({
        endpoint: tables.endpoint,
        dataDir: undefined,
        host,
        asynchronous,
        queues,
        dataStreams: [connect.agentEvents],
      });
      sources.startStreams();
      await sources.caughtUp();
      await sources.stop();
    },
    log: () => log,
    asynchronous,
    connect,
    events,
    async stop() {
      asynchronous.stop();
      await lambda.stop();
      await api.stop();
      await host.stop();
      await connect.stop();
    },
  };
}

function replaced(
  environment: Record<string, string>,
  changes: Record<string, string | undefined>,
): Record<string, string> {
  const all = Object.entries({ ...environment, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
