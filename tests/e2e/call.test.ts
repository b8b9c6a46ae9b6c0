import { execFile } from 'node:child_process';
import { ListUsersCommand, PutUserStatusCommand } from '@aws-sdk/client-connect';
import { createClients, eventually, request, useStack } from '#support/local-stack.ts';
import { LOCAL } from '#tools/local/template/index.ts';

const InstanceId = LOCAL.connectInstanceId;
/** A contact of the demo who is no VIP and has no agent of their own. */
const EMIL = '+14155550104';

const stack = useStack();

interface Call {
  code: number;
  output: string;
  errors: string;
}

/** Calls as a person does; again when a function did not get what it needs within the time of a caller. */
function call(...args: string[]): Promise<Call> {
  return eventually(
    () => callOnce(args),
    ({ output }) => !output.includes('DEGRADED'),
  );
}

async function callOnce(args: string[]): Promise<Call> {
  const { connect, lambda } = stack.urls;
  const addresses = ['--connect-endpoint', connect, '--lambda-endpoint', lambda];
  const argv = ['run', '--silent', 'call', '--', ...addresses, ...args];
  return new Promise((resolve) => {
    execFile('npm', argv, (error, output, errors) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output, errors });
    });
  });
}

test('the main number is answered by the flows that the setup installed: a VIP reaches the VIP queue', async () => {
  const { code, output } = await call();

  expect(output).toMatch(/call {4}\+14155550100 calls \+18005550199/);
  expect(output).toMatch(/lambda {2}\S*CallerLookup\S* ran \d+ ms/);
  expect(output).toContain('says    "Welcome back, Jane Doe"');
  expect(output).toMatch(/end {5}an agent of \S+ answers after 5 s/);
  expect(code).toBe(0);
});

test('an extension that is keyed reaches its agent', async () => {
  const { code, output } = await call('--from', EMIL, '--keys', '1042#');

  expect(output).toMatch(/end {5}Ada Martin answers after 5 s/);
  expect(code).toBe(0);
});

test('a name that is spelled reaches its agent, also for a caller whose number is withheld', async () => {
  const { output } = await call('--from', 'anonymous', '--keys', '2 martin# 1', '--json');

  expect(JSON.parse(output)).toMatchObject({ from: 'anonymous', end: { kind: 'agent', name: 'Ada Martin' } });
});

test('an agent who goes to lunch is not rung, and the caller hears since when', async () => {
  const { connect } = createClients(stack.urls, 10);
  const { UserSummaryList = [] } = await connect.send(new ListUsersCommand({ InstanceId }));
  const UserId = UserSummaryList.find(({ Username }) => Username === 'ada.martin')?.Id;
  const AgentStatusId = 'a9e57a70-0003-4000-8000-000000000003';
  await connect.send(new PutUserStatusCommand({ InstanceId, UserId, AgentStatusId }));

  const { output } = await eventually(
    () => call('--from', EMIL, '--keys', '1042#'),
    ({ output }) => output.includes('has been away since'),
  );

  expect(output).toMatch(/says {4}"Ada Martin has been away since \S+/);
  expect(output).toMatch(/end {5}an agent of BasicQueue answers/);
});

test('a number without a flow cannot be called, and the error tells which can', async () => {
  expect(await call('--to', '+18005550142')).toMatchObject({
    code: 2,
    errors: expect.stringContaining('+18005550199 leads to a flow'),
  });
});

test('a direct number that a program reserves and assigns rings its agent until it is released', async () => {
  const phonebook = `${stack.urls.api}/phonebook`;
  const { connect } = createClients(stack.urls);
  const { UserSummaryList = [] } = await connect.send(new ListUsersCommand({ InstanceId }));
  const userId = UserSummaryList.find(({ Username }) => Username === 'grace.liu')?.Id;

  const reserved = await request(`${phonebook}/reserve`, 'POST', { areaCode: 613, count: 5 });
  expect(reserved.json.phoneNumbers).toHaveLength(5);
  const { refId, phoneNumbers } = reserved.json;
  const phoneNumber = phoneNumbers[2];
  for (const written of [phoneNumber, encodeURIComponent(phoneNumber)]) {
    expect((await request(`${phonebook}/find/${written}`, 'GET')).json).toEqual({ exists: true });
  }
  const choice = { userId, refId, phoneNumber };
  expect((await request(`${phonebook}/assign`, 'POST', choice)).json).toEqual({ assigned: true });
  expect((await request(`${phonebook}/users/${userId}`, 'GET')).json).toMatchObject({
    username: 'grace.liu',
    directNumber: phoneNumber,
  });

  const { code, output } = await call('--from', EMIL, '--to', phoneNumber);
  expect(output).toMatch(/end {5}Grace Liu answers after \d+ s/);
  expect(code).toBe(0);

  const given = { userId, phoneNumber };
  expect((await request(`${phonebook}/release`, 'POST', given)).json).toEqual({ released: true });
  const { output: after } = await call('--from', EMIL, '--to', phoneNumber);
  expect(after).not.toContain('Grace Liu answers');
});
