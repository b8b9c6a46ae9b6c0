import { type ConnectSender, createConnectUsers } from '#core/agent-sync/users.ts';
import { fakeClock, fakeConnect, fakeUser, INSTANCE_ARN, namedError } from '#support/directory.ts';

function prepare(pageSize = 500) {
  const clock = fakeClock();
  const connect = fakeConnect([fakeUser('a', { tag: ' 1042 ' }), fakeUser('b'), fakeUser('c')], pageSize);
  return {
    clock,
    connect,
    users: createConnectUsers(connect, INSTANCE_ARN, clock),
    never: clock.now() + 1e9,
  };
}

test('reads users page by page, with the extension that their tag asks for', async () => {
  const { users, never } = prepare(2);

  const first = await users.readPage(undefined, never);
  const second = await users.readPage(first.nextToken, never);

  expect(first.users[0]).toEqual({
    agentId: 'a',
    arn: `${INSTANCE_ARN}/agent/a`,
    username: 'user-a',
    firstName: 'Jane',
    lastName: 'Roe a',
    preferredExtension: '1042',
  });
  expect(second.users.map(({ agentId }) => agentId)).toEqual(['c']);
  expect(second.nextToken).toBeUndefined();
});

test.each([
  [{ 'switchboard:unlisted': 'true' }, true],
  [{ 'switchboard:unlisted': ' TRUE ' }, true],
  [{ 'switchboard:unlisted': 'false' }, undefined],
  [{ 'switchboard:unlisted': '' }, undefined],
  [{}, undefined],
])('tags %j: unlisted %s', async (Tags, unlisted) => {
  const connect = { send: async () => ({ User: { Id: 'a', Username: 'a', Tags } }) };
  const users = createConnectUsers(connect as unknown as ConnectSender, INSTANCE_ARN, fakeClock());

  const found = await users.readUser('a', Number.MAX_SAFE_INTEGER);

  expect(found?.user).toMatchObject({ agentId: 'a' });
  expect(found?.user === 'INCOMPLETE' || found?.user.unlisted).toBe(unlisted);
});

test('keeps to two requests a second, however many ask at once', async () => {
  const { users, clock, never } = prepare();
  const started = clock.now();

  await Promise.all(['a', 'b', 'c', 'a', 'b'].map((id) => users.readUser(id, never)));

  expect(clock.now() - started).toBeGreaterThanOrEqual(2_000);
});

test.each([['TooManyRequestsException'], ['ThrottlingException'], ['InternalServiceException']])(
  'backs off longer and longer on %s',
  async (name) => {
    const { users, connect, clock, never } = prepare();
    const $metadata = { httpStatusCode: name === 'InternalServiceException' ? 500 : 429 };
    connect.failures.push(...Array.from({ length: 4 }, () => namedError(name, { $metadata })));

    await users.readPage(undefined, never);

    const backoffs = clock.sleeps.filter((wait) => wait > 0);
    expect(backoffs).toEqual([750, 1_500, 3_000, 6_000]);
    expect(users.calls).toBe(5);
  },
);

test('gives up after many failures, and at once when the request itself is refused', async () => {
  const { users, connect, never } = prepare();
  connect.failures.push(namedError('AccessDeniedException', { $metadata: { httpStatusCode: 403 } }));
  await expect(users.readPage(undefined, never)).rejects.toThrow('AccessDeniedException');

  connect.failures.push(...Array.from({ length: 12 }, () => namedError('ThrottlingException')));
  await expect(users.readPage(undefined, never)).rejects.toMatchObject({ code: 'CONNECT_UNAVAILABLE' });
});

test('does not wait beyond the deadline', async () => {
  const { users, connect, clock } = prepare();
  connect.failures.push(namedError('TooManyRequestsException'));

  await expect(users.readPage(undefined, clock.now() + 400)).rejects.toMatchObject({ code: 'OUT_OF_TIME' });
  expect(clock.sleeps).toEqual([]);
});

test('a user whom Connect does not know is undefined, not an error', async () => {
  const { users, never } = prepare();

  await expect(users.readUser('nobody', never)).resolves.toBeUndefined();
  await expect(users.readUser('b', never)).resolves.toMatchObject({ user: { agentId: 'b' } });
});

test('users without id or user name are counted and left out', async () => {
  const { users, connect, never } = prepare();
  connect.users.set('d', fakeUser('d', { username: '' }));

  await expect(users.readPage(undefined, never)).resolves.toMatchObject({ incomplete: 1 });
  await expect(users.readUser('d', never)).resolves.toEqual({ user: 'INCOMPLETE' });
});
