// The AWS CLI, which nobody here wrote, against npm start. Needs `aws` on the PATH; .ci/run installs it.
import { setTimeout as sleep } from 'node:timers/promises';
import callerLookup from '#events/caller-lookup.json';
import extensionTransfer from '#events/extension-transfer.json';
import { ANY_PORTS, type RunningStack, startStack } from '#support/local-stack.ts';
import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';
import { aws, invoke } from './aws.ts';

const instance = CONNECT_INSTANCE_ARN.split('/')[1] ?? '';
const NEW_USER = [
  ...['--username', 'nina.new', '--identity-info', 'FirstName=Nina,LastName=New'],
  ...['--phone-config', 'PhoneType=SOFT_PHONE'],
  ...['--security-profile-ids', 'security-profile', '--routing-profile-id', 'routing-profile'],
];

let machine: RunningStack;

beforeAll(async () => {
  machine = await startStack(ANY_PORTS);
});
afterAll(() => machine?.stop());

const connect = (operation: string, ...flags: string[]) =>
  aws('connect', operation, '--endpoint-url', machine.urls.connect, '--instance-id', instance, ...flags);
const call = (name: string, event: unknown, ...flags: string[]) =>
  invoke(machine.urls.lambda, name, event, ...flags);
const transferTo = async (digits: string) => {
  const { answer } = await call('ExtensionTransferFunction', { Details: { Parameters: { digits } } });
  return answer;
};
const agent = async (username: string) => {
  const { Items } = await aws(
    ...['dynamodb', 'query', '--endpoint-url', machine.urls.dynamodb, '--table-name', 'DirectoryTable'],
    ...[
      '--index-name',
      'AssignmentIndex',
      '--key-condition-expression',
      'gsi1pk = :agent AND gsi1sk = :name',
    ],
    ...[
      '--expression-attribute-values',
      JSON.stringify({ ':agent': { S: 'AGENT' }, ':name': { S: username } }),
    ],
  );
  return Items[0];
};

/** Asks until there is an answer that will do: user changes are events, and take effect a moment later. */
async function until<T>(ask: () => Promise<T>, willDo: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 90_000;
  for (;;) {
    const answer = await ask();
    if (willDo(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`Nothing came of it; the last answer was ${JSON.stringify(answer)}.`);
    await sleep(250);
  }
}

test('invokes the flow functions with the events of the repository', async () => {
  const caller = await call('CallerLookupFunction', callerLookup);
  expect(caller.status).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(caller.answer).toMatchObject({ status: 'FOUND', contactId: 'jane', attr_tier: 'vip' });

  const transfer = await call('ExtensionTransferFunction', extensionTransfer);
  expect(transfer.answer).toMatchObject({ status: 'FOUND', username: 'ada.martin', extension: '1042' });
});

test('invokes asynchronously, and without running anything', async () => {
  const later = await call('NumberExpiryFunction', {}, '--invocation-type', 'Event');
  const dry = await call('NumberExpiryFunction', {}, '--invocation-type', 'DryRun');

  expect(later.status).toMatchObject({ StatusCode: 202 });
  expect(dry.status).toMatchObject({ StatusCode: 204 });
});

test('gets the log of an invocation, which tells nothing of the caller', async () => {
  const { status } = await call('CallerLookupFunction', callerLookup, '--log-type', 'Tail');
  const log = Buffer.from(status.LogResult, 'base64').toString();

  expect(log).toContain('FOUND');
  expect(log).not.toMatch(/4155550100|Jane/);
});

test('is told of a function that is not there, and of an event that is not JSON', async () => {
  await expect(call('NoSuchFunction', {})).rejects.toThrow('ResourceNotFoundException');
  await expect(call('CallerLookupFunction', '{"Details":')).rejects.toThrow('InvalidRequestContentException');
});

test('watches a user who is created, renamed and deleted in Connect get and lose an extension', async () => {
  const { UserId } = await connect('create-user', ...NEW_USER);
  const created = await until(
    () => agent('nina.new'),
    (item) => item?.extension,
  );
  const extension: string = created.extension.S;
  expect(await transferTo(extension)).toMatchObject({
    status: 'FOUND',
    agentId: UserId,
    username: 'nina.new',
    displayName: 'Nina New',
    extension,
  });

  await connect(
    'update-user-identity-info',
    '--user-id',
    UserId,
    '--identity-info',
    'FirstName=Nina,LastName=Old',
  );
  await until(
    () => transferTo(extension),
    ({ displayName }) => displayName === 'Nina Old',
  );

  await connect('delete-user', '--user-id', UserId);
  const left = await until(
    () => transferTo(extension),
    ({ status }) => status === 'NOT_FOUND',
  );
  expect(left.reason).toBe('QUARANTINED');
});

test('pages through all users within the quota', async () => {
  const { Users } = await connect('search-users', '--page-size', '10');
  const { UserSummaryList } = await connect('list-users', '--page-size', '10');

  expect(Users).toHaveLength(25);
  expect(UserSummaryList.map(({ Id }: { Id: string }) => Id).sort()).toEqual(
    Users.map(({ Id }: { Id: string }) => Id).sort(),
  );
});

test('is told of a user who is not there', async () => {
  const nobody = ['--user-id', '00000000-0000-4000-8000-000000000000'];

  await expect(connect('describe-user', ...nobody)).rejects.toThrow('ResourceNotFoundException');
});

test('reads the tables of the template, whose rows tell nothing of the caller', async () => {
  const endpoint = ['--endpoint-url', machine.urls.dynamodb];
  const { TableNames } = await aws('dynamodb', 'list-tables', ...endpoint);
  const { Items } = await aws('dynamodb', 'scan', ...endpoint, '--table-name', 'ContactsTable');

  expect(TableNames).toEqual([
    'ContactsTable',
    'DirectoryTable',
    'IdempotencyTable',
    'LookupTable',
    'MessagesTable',
  ]);
  expect(Items.length).toBeGreaterThanOrEqual(200);
  expect(JSON.stringify(Items)).not.toMatch(/Jane|4155550100|jane@example/);
});
