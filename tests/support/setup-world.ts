import { ConnectClient } from '@aws-sdk/client-connect';
import type { ConnectSender } from '#core/connect/client.ts';
import { createConnectCheck } from '#core/deployment/connect-check.ts';
import { createConnectSetup } from '#core/deployment/connect-setup.ts';
import type { ResourceRequest, ResourceResult } from '#core/platform/handlers/custom-resource.ts';
import { type AwsEmulator, startAwsEmulator } from '#tools/local/emulators/index.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { SETUP_PROPERTIES } from './custom-resource.ts';
import { createLag } from './lagging-connect.ts';

export const NO_QUOTA = { perSecond: 1e6, burst: 1e6 };
export const PHYSICAL_ID = `${SETUP_PROPERTIES.ConnectInstanceArn}/switchboard/${SETUP_PROPERTIES.StackName}`;

/** The process was ended: nothing of it runs any more. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** What a run meets. */
export interface RunOptions {
  /** Killed at this request, counted from one. */
  killAt?: number;
  /** Whether the request that it is killed at still arrives. */
  arrives?: boolean;
  /** How long the request may take, on the world's clock. */
  budgetMs?: number;
  /** For how long Connect is behind its own writes. */
  lagMs?: number;
}

export interface SetupWorld {
  emulator: AwsEmulator;
  /** The names of the operations that the last run asked for. */
  asked: string[];
  /** The functions that were started. */
  started: string[];
  run(request: Partial<ResourceRequest>, options?: RunOptions): Promise<ResourceResult>;
  /** What is looked at before anything is made. */
  check(request: Partial<ResourceRequest>): Promise<ResourceResult>;
  /** What the instance holds, with names in place of ids. */
  snapshot(): object;
  fault(description: object): Promise<void>;
  clearFaults(): Promise<void>;
  stop(): Promise<void>;
}

/** The setup on an emulator of its own; time goes by as fast as it is asked for. */
export async function startSetupWorld(quota = NO_QUOTA): Promise<SetupWorld> {
  const emulator = await startAwsEmulator({ port: 0, quota, onEvent: () => undefined });
  let now = 0;
  const clock = {
    now: () => now,
    random: () => 0.5,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const lag = createLag(clock.now);
  const client = new ConnectClient({
    region: LOCAL.region,
    endpoint: emulator.url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const world: SetupWorld = {
    emulator,
    asked: [],
    started: [],
    run(request, options = {}) {
      world.asked = [];
      const setup = createConnectSetup({
        clock,
        connect: sender(client, world.asked, options, lag),
        startFunction: async (arn) => {
          world.started.push(arn);
          return 'STARTED';
        },
      });
      const known = request.type === 'Update' || request.type === 'Delete' ? { physicalId: PHYSICAL_ID } : {};
      return setup.apply({ ...created(options.budgetMs), ...known, ...request });
    },
    check(request) {
      world.asked = [];
      const connect = sender(client, world.asked, {}, lag);
      const { Functions, SyncFunctionArn, ...properties } = SETUP_PROPERTIES;
      return createConnectCheck({ clock, connect }).apply({ ...created(), properties, ...request });
    },
    snapshot: () => snapshotOf(emulator),
    async fault(description) {
      await fetch(`${emulator.url}/_faults`, { method: 'POST', body: JSON.stringify(description) });
    },
    async clearFaults() {
      await fetch(`${emulator.url}/_faults`, { method: 'DELETE' });
    },
    stop() {
      client.destroy();
      return emulator.stop();
    },
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
  asked: string[],
  { killAt, arrives = false, lagMs }: RunOptions,
  lag: ReturnType<typeof createLag>,
): ConnectSender {
  const forward = lagMs === undefined ? client.send.bind(client) : lag(client, lagMs);
  async function send(command: Parameters<ConnectClient['send']>[0]): Promise<unknown> {
    asked.push(command.constructor.name.replace(/Command$/, ''));
    reformat(command.input);
    if (killAt === undefined || asked.length < killAt) return forward(command);
    if (asked.length === killAt && arrives) await forward(command);
    throw new Killed('The process was ended.');
  }
  return { send: send as ConnectSender['send'] };
}

/** Whether Connect keeps content as it was sent is not documented: this one adds a word of its own. */
function reformat(input: { Content?: string | undefined } | object): void {
  if (!('Content' in input) || !input.Content || input.Content.includes('ByConnect')) return;
  input.Content = JSON.stringify({ ...JSON.parse(input.Content), ByConnect: '1' });
}

function snapshotOf({ state: world }: AwsEmulator): object {
  const flows = world.flows.all();
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
    lambdas: world.lambdas.all().toSorted(),
    numbers: world.numbers
      .all()
      .map(({ PhoneNumber, ContactFlowId }) => [PhoneNumber, ContactFlowId && named(ContactFlowId)]),
  };
}
