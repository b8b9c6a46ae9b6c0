import { createConnect } from '#core/connect/connect.ts';
import { type ConnectUsersPage, describeUser, searchUsers } from '#core/connect/users.ts';
import { fakeClock, fakeConnect, fakeUser, INSTANCE_ARN, namedError } from '#support/directory.ts';

function prepare(pageSize = 500) {
  const client = fakeConnect([fakeUser('a', { tag: '1042' }), fakeUser('b'), fakeUser('c')], pageSize);
  const caller = 'the role of a test';
  return {
    client,
    connect: createConnect({ instanceArn: INSTANCE_ARN, clock: fakeClock(), share: 'job', caller, client }),
  };
}

async function pagesOf(source: AsyncIterable<ConnectUsersPage>): Promise<ConnectUsersPage[]> {
  const pages: ConnectUsersPage[] = [];
  for await (const page of source) pages.push(page);
  return pages;
}

test('users come page by page', async () => {
  const pages = await pagesOf(searchUsers(prepare(2).connect));

  expect(pages[0]?.users[0]).toEqual({
    id: 'a',
    arn: `${INSTANCE_ARN}/agent/a`,
    username: 'user-a',
    firstName: 'Jane',
    lastName: 'Roe a',
    tags: { 'switchboard:extension': '1042' },
  });
  expect(pages.map(({ users }) => users.map(({ id }) => id))).toEqual([['a', 'b'], ['c']]);
  expect(pages.map(({ nextToken }) => nextToken)).toEqual(['2', undefined]);
});

test('reading starts at a token', async () => {
  const pages = await pagesOf(searchUsers(prepare(2).connect, '2'));

  expect(pages.map(({ users }) => users.map(({ id }) => id))).toEqual([['c']]);
});

test('a user that Connect does not have is no error', async () => {
  const { connect } = prepare();

  await expect(describeUser(connect, 'unknown')).resolves.toEqual({ kind: 'NOT_FOUND' });
  await expect(describeUser(connect, 'b')).resolves.toMatchObject({ kind: 'FOUND', user: { id: 'b' } });
});

test('users without an ID or a user name are counted and left out', async () => {
  const { connect, client } = prepare();
  client.users.set('d', fakeUser('d', { username: '' }));

  expect(await pagesOf(searchUsers(connect))).toMatchObject([{ incomplete: 1 }]);
  await expect(describeUser(connect, 'd')).resolves.toEqual({ kind: 'INCOMPLETE' });
});

test('the message of an error about users may quote personal data, so it is left out', async () => {
  const { connect, client } = prepare();
  client.failures.push(Object.assign(namedError('InvalidParameterException'), { message: 'jane.roe' }));

  await expect(describeUser(connect, 'a')).rejects.toThrow(
    /^Connect refused DescribeUser \(InvalidParameterException\)\.$/,
  );
});
