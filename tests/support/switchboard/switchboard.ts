import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { numberItem } from '#core/directory/numbers.ts';
import type { FlowName } from '#core/flows/index.ts';
import { startFunctions, type TestFunctions } from '#support/functions.ts';
import { request } from '#support/local-stack.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';
import {
  type CallInstance,
  type DestinationStates,
  type LambdaInvoker,
  parseKeys,
  playCall,
  type Transcript,
  withStates,
} from '#tools/flows/play/index.ts';
import { type ConnectUser, findAgentStatus } from '#tools/local/emulators/index.ts';
import { type Listener, listen, sendJson } from '#tools/local/http.ts';
import { emulatorInstance, flowArn, setUp } from './instance.ts';
import { AGENTS, AT_LUNCH, CALLERS, DIRECT_NUMBER, LOGGED_OUT, MAIN_NUMBER } from './people.ts';

/** What may go wrong with the functions of a call, by what a scenario calls it. */
export type Trouble =
  | 'dynamodb-throttled'
  | 'throws'
  | 'too slow'
  | 'answers a number'
  | 'answers 32 KB'
  | 'is not associated';

export interface SwitchboardCall {
  /** Undefined: withheld. */
  from: string | undefined;
  to?: string;
  /** The flow that answers, by the name we ship it under. */
  flow?: FlowName;
  keys?: string;
  states?: DestinationStates;
  /** Of the functions, by name. */
  trouble?: Partial<Record<string, Trouble>>;
  /** What a function answers, instead of being asked. */
  answers?: Partial<Record<string, Record<string, string>>>;
  channel?: 'VOICE' | 'CHAT';
  attributes?: Record<string, string>;
  hangUpAfterSeconds?: number;
  /** Changes the instance of this call. */
  change?: (instance: CallInstance) => CallInstance;
}

export interface Switchboard {
  call(call: SwitchboardCall): Promise<Transcript>;
  stop(): Promise<void>;
}

/** The built functions on tables of their own, with agents and contacts in them, and the shipped flows before them. */
export async function startSwitchboard(): Promise<Switchboard> {
  const tables = await freshTables();
  const parameters = { ExtensionRange: '1040-1099', VipQueue: 'VIP', AgentRingSeconds: '25' };
  const functions = await startFunctions(tables, { parameters });
  const throttled = await startThrottledDynamoDb();
  const starved = await startFunctions({ ...tables, endpoint: throttled.url }, { parameters });
  // What a function of ours can only do wrong when it is deployed wrongly.
  const broken = await startFunctions(tables, { parameters, environment: { DIRECTORY_TABLE: undefined } });
  await fill(functions, tables, parameters);
  const emulator = emulatorInstance(functions.connect);

  const invokers: Record<Trouble, LambdaInvoker> = {
    'dynamodb-throttled': invokerOf(starved),
    throws: invokerOf(broken),
    'too slow': async ({ timeLimitMs }) => ({ kind: 'timed-out', durationMs: timeLimitMs }),
    'answers a number': answering({ status: 'FOUND', matches: 1 }),
    'answers 32 KB': answering({ status: 'FOUND', displayName: 'x'.repeat(32 * 1024) }),
    'is not associated': invokerOf(functions),
  };

  return {
    call({ to = MAIN_NUMBER, flow = 'inbound', keys = '', states = {}, ...more }) {
      const { trouble = {}, answers = {}, change = (same) => same, ...call } = more;
      const instance = change(emulator);
      return playCall({
        ...call,
        to,
        keys: parseKeys(keys),
        flow: flowArn(functions.connect, flow),
        instance: {
          ...withStates(instance, states),
          hasLambda: async (arn) => trouble[nameOf(arn)] !== 'is not associated' && instance.hasLambda(arn),
        },
        invoke(asked) {
          const name = nameOf(asked.functionArn);
          const kind = trouble[name];
          if (kind !== undefined) return invokers[kind](asked);
          return (answers[name] ? answering(answers[name]) : invokerOf(functions))(asked);
        },
      });
    },
    async stop() {
      await Promise.all([functions.stop(), starved.stop(), broken.stop(), throttled.stop()]);
    },
  };
}

/** Sets the instance up, writes the contacts through the API and syncs the agents, as it happens in a deployment. */
async function fill(
  functions: TestFunctions,
  tables: FreshTables,
  parameters: Record<string, string>,
): Promise<void> {
  const { state } = functions.connect;
  for (const agent of Object.values(AGENTS)) {
    state.users.put(agent);
    state.statuses.choose(agent, findAgentStatus(statusOf(agent))?.Id ?? '');
  }
  await setUp(functions, parameters);
  await functions.invoke('AgentSyncFunction', {});
  state.users.delete(AGENTS.max.Id);
  await Promise.all(
    Object.entries(CALLERS).map(([id, { number, contact }]) =>
      request(`${functions.apiUrl}/contacts/${id}`, 'PUT', { ...contact, identifiers: [number] }),
    ),
  );
  await functions.drainStreams();
  await assignDirectNumber(tables);
}

function statusOf(agent: ConnectUser): string {
  if (agent === AT_LUNCH) return 'Lunch';
  return agent === LOGGED_OUT ? 'Offline' : 'Available';
}

/** Nothing of ours claims direct numbers yet. */
async function assignDirectNumber({ client, directory }: FreshTables): Promise<void> {
  const { Id: agentId, Arn: arn, Username: username, IdentityInfo } = AGENTS.ben;
  const { FirstName: firstName = '', LastName: lastName = '' } = IdentityInfo;
  const owner = { agentId, arn, username, firstName, lastName };
  const Item = numberItem({ number: DIRECT_NUMBER, pool: 'direct', state: 'ASSIGNED', owner });
  await client.send(new PutCommand({ TableName: directory, Item }));
}

function invokerOf(functions: TestFunctions): LambdaInvoker {
  return async ({ functionArn, event }) => {
    const started = performance.now();
    const { answer, error } = await functions.invoke(nameOf(functionArn), event);
    const durationMs = performance.now() - started;
    if (error) return { kind: 'function-error', ...error, durationMs };
    return { kind: 'answer', payload: bytes(answer), durationMs };
  };
}

function nameOf(functionArn: string): string {
  return functionArn.split(':').at(-1) ?? '';
}

function answering(answer: unknown): LambdaInvoker {
  return async () => ({ kind: 'answer', payload: bytes(answer), durationMs: 5 });
}

function bytes(answer: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(answer));
}

/** A DynamoDB that throttles every request. */
function startThrottledDynamoDb(): Promise<Listener> {
  return listen(0, async (_request, response) => {
    sendJson(
      response,
      400,
      {
        __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
        message: 'The level of configured provisioned throughput for the table was exceeded.',
      },
      { 'content-type': 'application/x-amz-json-1.0' },
    );
  });
}
