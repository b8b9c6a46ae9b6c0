import {
  CreateUserCommand,
  DeleteUserCommand,
  SearchUsersCommand,
  TagResourceCommand,
  UpdateUserIdentityInfoCommand,
} from '@aws-sdk/client-connect';
import { GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { newUser } from '#support/connect-emulator.ts';
import { ask, createClients, eventually, flowEvent, request, useStack } from '#support/local-stack.ts';
import { LOCAL } from '#tools/local/template/index.ts';

const InstanceId = LOCAL.connectInstanceId;

const stack = useStack();
let aws: ReturnType<typeof createClients>;
beforeAll(() => {
  aws = createClients(stack.urls, 10);
});

const callFrom = async (number: string) =>
  (await ask(aws.lambda, 'CallerLookupFunction', flowEvent(number))).payload;
const dial = async (digits: string) =>
  (await ask(aws.lambda, 'ExtensionTransferFunction', flowEvent('+14155550100', { digits }))).payload;

test('the one line that says ready names every endpoint, and no line before it holds the word', () => {
  const lines = stack.output().split('\n');
  const at = lines.findIndex((line) => line.includes('ready'));

  expect(lines[at]).toMatch(
    /^ready: api=http:\/\/127\.0\.0\.1:\d+ lambda=http:\S+ connect=http:\S+ dynamodb=http:\S+$/,
  );
  expect(lines.slice(0, at).join('\n')).toContain('Demo data: 25 agents, 200 contacts, 12 direct numbers.');
});

test('the caller of the example is known, with what a flow may be told and her own agent', async () => {
  expect(await callFrom('+14155550100')).toMatchObject({
    status: 'FOUND',
    contactId: 'jane',
    displayName: 'Jane Doe',
    language: 'en-US',
    matches: '1',
    attr_tier: 'vip',
    extension: '1042',
    source: 'index',
  });
});

test('the example extension leads to its agent, with the pound key and without', async () => {
  const answer = await dial('1042#');

  expect(answer).toMatchObject({
    status: 'FOUND',
    username: 'ada.martin',
    displayName: 'Ada Martin',
    extension: '1042',
  });
  expect(await dial('1042')).toEqual(answer);
});

test('all 25 agents of the demo have an extension', async () => {
  const { Users = [] } = await aws.connect.send(new SearchUsersCommand({ InstanceId, MaxResults: 500 }));
  const extensions = await Promise.all(Users.map(({ Id = '' }) => extensionOf(Id)));

  expect(Users).toHaveLength(25);
  expect(new Set(extensions).size).toBe(25);
  expect(extensions.every((extension) => /^10\d\d$/.test(extension ?? ''))).toBe(true);
});

test('a user is found by name, by the new one after a rename, and not when tagged as unlisted', async () => {
  const search = async (digits: string) =>
    (await ask(aws.lambda, 'NameDirectoryFunction', flowEvent('anonymous', { digits }))).payload;
  const found = ({ status }: { status: string }) => status === 'FOUND';
  const lost = ({ status }: { status: string }) => status === 'NOT_FOUND';
  expect(await search('6835537#')).toMatchObject({ status: 'FOUND', name1: 'Jonas Müller' });
  const { UserId = '', UserArn: resourceArn = '' } = await aws.connect.send(
    new CreateUserCommand(newUser('anna.szulc', { FirstName: 'Anna', LastName: 'Szulc' })),
  );
  await expect(eventually(() => search('79852'), found)).resolves.toMatchObject({ agentId1: UserId });

  const IdentityInfo = { FirstName: 'Anna', LastName: 'Wójcik' };
  await aws.connect.send(new UpdateUserIdentityInfoCommand({ InstanceId, UserId, IdentityInfo }));
  await expect(eventually(() => search('965245'), found)).resolves.toMatchObject({ name1: 'Anna Wójcik' });
  expect(await search('79852')).toMatchObject({ status: 'NOT_FOUND' });

  const tags = { 'switchboard:unlisted': 'true' };
  await aws.connect.send(new TagResourceCommand({ resourceArn, tags }));
  await expect(eventually(() => search('965245'), lost)).resolves.toMatchObject({ matches: '0' });
  await aws.connect.send(new DeleteUserCommand({ InstanceId, UserId }));
});

test('a user created in Connect gets an extension, keeps it when renamed, and loses it when deleted', async () => {
  const { UserId = '' } = await aws.connect.send(
    new CreateUserCommand(newUser('new.agent', { FirstName: 'New', LastName: 'Agent' })),
  );
  const extension = await eventually(() => extensionOf(UserId), Boolean);
  expect(await dial(extension ?? '')).toMatchObject({
    status: 'FOUND',
    displayName: 'New Agent',
    agentId: UserId,
  });

  await aws.connect.send(
    new UpdateUserIdentityInfoCommand({
      InstanceId,
      UserId,
      IdentityInfo: { FirstName: 'Renamed', LastName: 'Agent' },
    }),
  );
  const renamed = await eventually(
    () => dial(extension ?? ''),
    ({ displayName }) => displayName === 'Renamed Agent',
  );
  expect(renamed).toMatchObject({ status: 'FOUND', agentId: UserId, extension });

  await aws.connect.send(new DeleteUserCommand({ InstanceId, UserId }));
  const gone = await eventually(
    () => dial(extension ?? ''),
    ({ status }) => status !== 'FOUND',
  );
  expect(gone).toMatchObject({ status: 'NOT_FOUND', reason: 'QUARANTINED' });
});

test('a contact written through the REST API is recognized at the next call, and forgotten when deleted', async () => {
  const contact = `${stack.urls.api}/contacts/e2e-1`;
  const number = '+13125550142';
  expect(await callFrom(number)).toMatchObject({ status: 'NOT_FOUND' });

  const body = { firstName: 'Nina', lastName: 'Gray', identifiers: [number], attributes: { tier: 'gold' } };
  expect(await request(contact, 'PUT', body)).toMatchObject({ json: { contactId: 'e2e-1', version: 1 } });
  const known = await eventually(
    () => callFrom(number),
    ({ status }) => status === 'FOUND',
  );
  expect(known).toMatchObject({ status: 'FOUND', displayName: 'Nina Gray', attr_tier: 'gold' });

  const looked = await request(`${stack.urls.api}/contacts/lookup`, 'POST', {
    identifier: '(312) 555-0142',
  });
  expect(looked).toMatchObject({ status: 200, json: { status: 'FOUND', matches: 1 } });

  expect((await request(contact, 'PUT', { ...body, version: 7 })).status).toBe(409);
  expect((await request(contact, 'DELETE')).status).toBeLessThan(300);
  const forgotten = await eventually(
    () => callFrom(number),
    ({ status }) => status === 'NOT_FOUND',
  );
  expect(forgotten).toMatchObject({ status: 'NOT_FOUND' });
});

test("the tables are the template's, on the DynamoDB endpoint", async () => {
  const { TableNames } = await aws.dynamodb.send(new ListTablesCommand({}));

  expect(TableNames).toEqual([
    'ContactsTable',
    'DirectoryTable',
    'IdempotencyTable',
    'LookupTable',
    'MessagesTable',
  ]);
});

test('health says that tables and keys answer', async () => {
  expect((await request(`${stack.urls.api}/health`, 'GET')).status).toBe(200);
});

async function extensionOf(agentId: string): Promise<string | undefined> {
  const Key = { pk: { S: `AGENT#${agentId}` }, sk: { S: 'AGENT' } };
  const { Item } = await aws.dynamodb.send(new GetItemCommand({ TableName: 'DirectoryTable', Key }));
  return Item?.extension?.S ?? Item?.number?.S;
}
