import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateUserCommand, SearchUsersCommand } from '@aws-sdk/client-connect';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  ANY_PORTS,
  ask,
  createClients,
  eventually,
  FEW_EXTENSIONS,
  flowEvent,
  type RunningStack,
  request,
  startStack,
} from '#support/local-stack.ts';
import { LOCAL } from '#tools/local/template/index.ts';

const InstanceId = LOCAL.connectInstanceId;
const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-data-'));
const start = () => startStack([...ANY_PORTS, ...FEW_EXTENSIONS, '--no-demo', '--data-dir', dataDir]);
let stack: RunningStack | undefined;

afterAll(async () => {
  await stack?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('with --data-dir contacts, users, extensions and the index are still there after a restart', async () => {
  stack = await start();
  const { connect } = createClients(stack.urls, 5);
  const user = {
    Username: 'stays',
    IdentityInfo: { FirstName: 'Stays' },
    PhoneConfig: { PhoneType: 'SOFT_PHONE' },
  };
  await connect.send(
    new CreateUserCommand({ InstanceId, ...user, RoutingProfileId: 'r', SecurityProfileIds: ['s'] } as never),
  );
  await request(`${stack.urls.api}/contacts/stays`, 'PUT', { identifiers: ['+12125550133'] });
  const before = await eventually(
    () => state(stack),
    ({ agents, status }) => agents.length === 1 && status === 'FOUND',
  );
  await stack.stop();

  stack = await start();

  expect(await state(stack)).toEqual(before);
  const { Users } = await createClients(stack.urls, 5).connect.send(new SearchUsersCommand({ InstanceId }));
  expect(Users?.map(({ Username }) => Username)).toEqual(['stays']);
});

async function state(running: RunningStack | undefined) {
  if (!running) throw new Error('No stack is running.');
  const { dynamodb, lambda } = createClients(running.urls, 5);
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: 'DirectoryTable' }));
  const caller = await ask(lambda, 'CallerLookupFunction', flowEvent('+12125550133'));
  return {
    agents: Items.filter(({ pk }) => pk?.S?.startsWith('AGENT#')),
    status: caller.payload.status as string,
  };
}
