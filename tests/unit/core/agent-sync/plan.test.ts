import { createAgentSnapshot } from '#core/agent-sync/agent-snapshot.ts';
import { createSyncConnect } from '#core/agent-sync/connect-users.ts';
import { readAgentPlan } from '#core/agent-sync/plan.ts';
import { createSyncReport } from '#core/agent-sync/report.ts';
import { fingerprintOf } from '#core/directory/agents.ts';
import { fakeClock, fakeConnect, fakeUser, INSTANCE_ARN, namedError } from '#support/directory.ts';

const ids = (count: number) => Array.from({ length: count }, (_, number) => `u${number}`);

/** The directory has `knownIds`, and Connect lists `listedIds`. */
function prepare(knownIds: string[], listedIds: string[], pageSize = 500) {
  const clock = fakeClock();
  const connect = fakeConnect(
    listedIds.map((id) => fakeUser(id)),
    pageSize,
  );
  const snapshot = createAgentSnapshot();
  for (const id of knownIds) {
    const { username, firstName, lastName } = fakeUser(id);
    const arn = `${INSTANCE_ARN}/agent/${id}`;
    const fingerprint = fingerprintOf({ agentId: id, arn, username, firstName, lastName });
    const addedAt = '2026-01-01T00:00:00.000Z';
    snapshot.set({ agentId: id, fingerprint, addedAt, placement: { extension: '1000' } });
  }
  const plan = (startToken?: string, budgetMs = 1e9) => {
    const setup = { connect, instanceArn: INSTANCE_ARN, clock };
    return readAgentPlan(
      createSyncConnect(setup, clock.now() + budgetMs),
      snapshot,
      createSyncReport(),
      startToken,
    );
  };
  return { connect, plan };
}

test('plans nothing when nothing changed', async () => {
  const { plan } = prepare(ids(3), ids(3));

  expect(await plan()).toMatchObject({ missing: [], added: [], changed: [], complete: true });
});

test('finds added, changed, and missing agents, and preferred extensions', async () => {
  const { connect, plan } = prepare(ids(10), [...ids(9), 'new']);
  connect.users.set('u1', fakeUser('u1', { lastName: 'Doe' }));
  connect.users.set('u2', fakeUser('u2', { tag: '1042' }));

  const found = await plan();

  expect(found.missing).toEqual(['u9']);
  expect(found.added.join()).toContain('user-new');
  expect(found.changed).toHaveLength(2);
  expect(found.preferring.join()).toContain('1042');
  expect(found.shrinkWarning).toBeUndefined();
});

test.each([
  ['no users', 5, 0, /Connect listed no users/],
  ['no users where one agent is known', 1, 0, /Connect listed no users/],
  ['more than a fifth fewer', 10, 7, /no longer knows 3 of 10/],
])('warns when Connect lists %s', async (_, known, listed, words) => {
  expect((await prepare(ids(known), ids(listed)).plan()).shrinkWarning).toMatch(words);
});

test.each([
  ['a fifth left', 10, 8],
  ['one of two left', 2, 1],
  ['no agent is known', 0, 0],
])('does not warn when %s', async (_, known, listed) => {
  expect((await prepare(ids(known), ids(listed)).plan()).shrinkWarning).toBeUndefined();
});

test('warns about missing agents even when as many are new', async () => {
  expect((await prepare(ids(10), ids(20).slice(5)).plan()).shrinkWarning).toMatch('5 of 10');
});

test('continues after an empty page', async () => {
  const { connect, plan } = prepare(ids(4), ids(4), 2);
  const { send } = connect;
  let calls = 0;
  connect.send = (async (command: never) => {
    calls += 1;
    return calls === 2 ? { Users: [], NextToken: '2' } : send(command);
  }) as typeof connect.send;

  expect(await plan()).toMatchObject({ missing: [], complete: true });
});

test('stores where an interrupted read stopped, and plans no removals', async () => {
  const { plan } = prepare(ids(10), ids(9), 2);

  expect(await plan(undefined, 1_200)).toMatchObject({ missing: [], complete: false, nextToken: '6' });
});

test('continues from there, and then reads all users', async () => {
  const { connect, plan } = prepare(ids(10), ids(9), 2);

  expect(await plan('6')).toMatchObject({ missing: ['u9'], complete: true });
  expect(connect.calls).toHaveLength(2 + 5);
});

test('reads from the start when Connect rejects the token', async () => {
  const { plan } = prepare(ids(10), ids(9), 2);

  expect(await plan('stale')).toMatchObject({ missing: ['u9'], complete: true });
});

test('passes on other errors of Connect', async () => {
  const { connect, plan } = prepare(ids(1), ids(1));
  connect.failures.push(namedError('InvalidParameterException'));

  await expect(plan()).rejects.toThrow('InvalidParameterException');
});

test('counts a user once that Connect lists twice', async () => {
  const { connect, plan } = prepare([], ['a']);
  const { send } = connect;
  connect.send = (async (command: never) => {
    const answer = (await send(command)) as { Users: object[] };
    return { Users: [...answer.Users, ...answer.Users] };
  }) as typeof connect.send;

  expect((await plan()).added).toHaveLength(1);
});
