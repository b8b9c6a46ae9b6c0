import type { ConnectClient } from '@aws-sdk/client-connect';
import type { ConnectSender } from '#core/connect/connect.ts';
import { createConnectCheck } from '#core/deployment/connect-check.ts';
import { createConnectSetup } from '#core/deployment/connect-setup.ts';
import type { ResourceRequest, ResourceResult } from '#core/platform/handlers/custom-resource.ts';
import type { ConnectState } from '#tools/local/emulators/index.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { createConnectInMemory } from './connect-in-memory.ts';
import { SETUP_PROPERTIES } from './custom-resource.ts';
import { createLag } from './lagging-connect.ts';

export const PHYSICAL_ID = `${SETUP_PROPERTIES.ConnectInstanceArn}/switchboard/${SETUP_PROPERTIES.StackName}`;

/** The process was killed. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** What happens during a run. */
export interface RunOptions {
  /** The process is killed at this request, counted from one. */
  killAt?: number;
  /** Whether that request still arrives. */
  arrives?: boolean;
  /** The time for the request of CloudFormation. */
  budgetMs?: number;
  /** For how long Connect does not show what was written. */
  lagMs?: number;
}

export interface SetupWorld {
  state: ConnectState;
  /** The operations of the last run's requests. */
  requests: string[];
  /** The functions that were started. */
  started: string[];
  run(request: Partial<ResourceRequest>, options?: RunOptions): Promise<ResourceResult>;
  check(request: Partial<ResourceRequest>): Promise<ResourceResult>;
  /** The instance, with names in place of IDs. */
  snapshot(): object;
  fault(description: object): void;
  clearFaults(): void;
}

/**
 * The deployment's functions with a Connect in memory. Their clock jumps to the end of every wait.
 *
 * @param from a world whose instance this one begins with
 */
export function createSetupWorld(from?: SetupWorld): SetupWorld {
  let now = 0;
  const clock = {
    now: () => now,
    random: () => 0.5,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const lag = createLag(clock.now);
  const { client, state, faults } = createConnectInMemory();
  for (const flow of from?.state.flows.all() ?? []) state.flows.put(structuredClone(flow));
  for (const arn of from?.state.lambdas.all() ?? []) state.lambdas.put(arn);
  for (const number of from?.state.numbers.all() ?? []) state.numbers.put(structuredClone(number));
  const world: SetupWorld = {
    state,
    requests: [],
    started: [],
    run(request, options = {}) {
      world.requests = [];
      const setup = createConnectSetup({
        clock,
        connect: sender(client, world.requests, options, lag),
        startFunction: async (arn) => {
          world.started.push(arn);
          return 'STARTED';
        },
      });
      const known = request.type === 'Update' || request.type === 'Delete' ? { physicalId: PHYSICAL_ID } : {};
      return setup.apply({ ...created(options.budgetMs), ...known, ...request });
    },
    check(request) {
      world.requests = [];
      const connect = sender(client, world.requests, {}, lag);
      const { Functions, SyncFunctionArn, ...properties } = SETUP_PROPERTIES;
      return createConnectCheck({ clock, connect }).apply({ ...created(), properties, ...request });
    },
    snapshot: () => snapshotOf(state),
    fault: (description) => void faults.add(description),
    clearFaults: () => faults.clear(),
  };
  return world;

  function created(budgetMs = 240_000): ResourceRequest {
    const { account, region } = LOCAL;
    const [type, deadline] = ['Create' as const, now + budgetMs];
    return { type, properties: SETUP_PROPERTIES, oldProperties: {}, account, region, deadline };
  }
}

function sender(
  client: ConnectClient,
  requests: string[],
  { killAt, arrives = false, lagMs }: RunOptions,
  lag: ReturnType<typeof createLag>,
): ConnectSender {
  const forward = lagMs === undefined ? client.send.bind(client) : lag(client, lagMs);
  async function send(command: Parameters<ConnectClient['send']>[0]): Promise<unknown> {
    requests.push(command.constructor.name.replace(/Command$/, ''));
    reformat(command.input);
    if (killAt === undefined || requests.length < killAt) return forward(command);
    if (requests.length === killAt && arrives) await forward(command);
    throw new Killed('The process was killed.');
  }
  return { send: send as ConnectSender['send'] };
}

/** Whether Connect keeps content as it was sent is not documented. This one changes it. */
function reformat(input: { Content?: string | undefined } | object): void {
  if (!('Content' in input) || !input.Content || input.Content.includes('ByConnect')) return;
  input.Content = JSON.stringify({ ...JSON.parse(input.Content), ByConnect: '1' });
}

function snapshotOf({ flows: collection, lambdas, numbers }: ConnectState): object {
  const flows = collection.all();
  const named = (text: string) =>
    flows.reduce((result, { Id, Name }) => result.replaceAll(Id, `<${Name}>`), text);
  const ordered = flows.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  return {
    flows: ordered.map(({ Name, Type, Status, Content, Tags: { 'switchboard:stack': stack } }) => ({
      Name,
      Type,
      Status,
      stack,
      content: named(Content),
    })),
    lambdas: lambdas.all().toSorted(),
    numbers: numbers
      .all()
      .map(({ PhoneNumber, ContactFlowId }) => [PhoneNumber, ContactFlowId && named(ContactFlowId)]),
  };
}
