import { ConnectClient } from '@aws-sdk/client-connect';
import { type AwsEmulator, type ConnectState, startAwsEmulator } from '#tools/local/emulators/index.ts';
import { LOCAL } from '#tools/local/template/index.ts';

const UNLIMITED = { perSecond: 1e6, burst: 1e6 };

/** A new emulator for each test, without a quota, and a client for Connect that does not retry. */
export function useConnectEmulator() {
  const current = {} as { emulator: AwsEmulator; connect: ConnectClient };
  beforeEach(async () => {
    current.emulator = await startAwsEmulator({ port: 0, quota: UNLIMITED, onEvent: () => undefined });
    current.connect = new ConnectClient({
      region: LOCAL.region,
      endpoint: current.emulator.url,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
  });
  afterEach(async () => {
    current.connect.destroy();
    await current.emulator.stop();
  });
  return {
    get state() {
      return current.emulator.state;
    },
    get agentEvents() {
      return current.emulator.agentEvents;
    },
    get url() {
      return current.emulator.url;
    },
    send: ((command: never) => current.connect.send(command)) as ConnectClient['send'],
  };
}

/** What CreateUser requires. */
export function newUser(Username: string, IdentityInfo?: { FirstName: string; LastName?: string }) {
  return {
    InstanceId: LOCAL.connectInstanceId,
    Username,
    IdentityInfo,
    PhoneConfig: { PhoneType: 'SOFT_PHONE' as const },
    RoutingProfileId: 'routing',
    SecurityProfileIds: ['security'],
  };
}

/** Adds a flow without actions to the emulated instance. Returns its ID. */
export function addFlow({ flows }: ConnectState, Name: string): string {
  const Id = `flow-${flows.all().length}`;
  const rest = { Type: 'CONTACT_FLOW', State: 'ACTIVE', Status: 'PUBLISHED', Description: '', Content: '{}' };
  flows.put({ Id, Arn: Id, Name, Tags: {}, ...rest });
  return Id;
}
