import { createAgentSnapshot } from '#core/agent-sync/agent-snapshot.ts';
import { readAgentPlan } from '#core/agent-sync/plan.ts';
import { createSyncReport } from '#core/agent-sync/report.ts';
import { createSyncConnect } from '#core/agent-sync/users.ts';
import { fingerprintOf } from '#core/directory/agents.ts';
import { fakeClock, fakeConnect, fakeUser, INSTANCE_ARN, namedError } from '#support/directory.ts';

const ids = (count: number) => Array.from({ length: count }, (_, number) => `u${number}`);

/** Agents `known`, of whom Connect tells `told`. */
function prepare(knownIds: string[], toldIds: string[], pageSize = 500) {
  const clock = fakeClock();
  const connect = fakeConnect(
    toldIds.map((id) => fakeUser(id)),
    pageSize,
  );
  const known = createAgentSnapshot();
  for (const id of knownIds) {
    const { username, firstName, lastName } = fakeUser(id);
    const arn = `${INSTANCE_ARN}/agent/${id}`;
    const fingerprint = fingerprintOf({ agentId: id, arn, username, firstName, lastName });
    const addedAt = '2026-01-01T00:00:00.000Z';
    known.set({ agentId: id, fingerprint, addedAt, placement: { extension: '1000' } });
  }
  const plan = (startToken?: string, budgetMs = 1e9) => {
    const setup = { connect, instanceArn: INSTANCE_ARN, clock };
    return readAgentPlan(
      createSyncConnect(setup, clock.now() + budgetMs),
      known,
      createSyncReport(),
      startToken,
    );
  };
  return { connect, plan };
}

test('finds nothing to do when nothing changed', async () => {
  const { plan } = prepare(ids(3), ids(3));

  expect(await plan()).toMatchObject({ missing: [], added: [], changed: [], complete: true });
});

test('finds who is new, who changed, who left and who asks for another extension', async () => {
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
  ['nobody at all', 5, 0, /Connect listed no users/],
  ['nobody, when one was known', 1, 0, /Connect listed no users/],
  ['more than a fifth fewer', 10, 7, /no longer knows 3 of 10/],
])('is suspicious when Connect tells of %s', async (_, known, told, words) => {
  expect((await prepare(ids(known), ids(told)).plan()).shrinkWarning).toMatch(words);
});

test.each([
  ['a fifth left', 10, 8],
  ['one of two left', 2, 1],
  ['nobody was ever known', 0, 0],
])('is not suspicious when %s', async (_, known, told) => {
  expect((await prepare(ids(known), ids(told)).plan()).shrinkWarning).toBeUndefined();
});

test('a whole fifth gone and as many new is still suspicious: other people are not the same people', async () => {
  expect((await prepare(ids(10), ids(20).slice(5)).plan()).shrinkWarning).toMatch('5 of 10');
});

test('an empty page in the middle ends nothing', async () => {
  const { connect, plan } = prepare(ids(4), ids(4), 2);
  const { send } = connect;
  let calls = 0;
  connect.send = (async (command: never) => {
    calls += 1;
    return calls === 2 ? { Users: [], NextToken: '2' } : send(command);
  }) as typeof connect.send;

  expect(await plan()).toMatchObject({ missing: [], complete: true });
});

test('reading that is cut off says where, and takes nobody for gone', async () => {
  const { plan } = prepare(ids(10), ids(9), 2);

  expect(await plan(undefined, 1_200)).toMatchObject({ missing: [], complete: false, nextToken: '6' });
});

test('reading goes on there, and then sees the others again', async () => {
  const { connect, plan } = prepare(ids(10), ids(9), 2);

  expect(await plan('6')).toMatchObject({ missing: ['u9'], complete: true });
  expect(connect.calls).toHaveLength(2 + 5);
});

test('a token that Connect has forgotten means reading from the start', async () => {
  const { plan } = prepare(ids(10), ids(9), 2);

  expect(await plan('stale')).toMatchObject({ missing: ['u9'], complete: true });
});

test('other refusals are errors', async () => {
  const { connect, plan } = prepare(ids(1), ids(1));
  connect.failures.push(namedError('InvalidParameterException'));

  await expect(plan()).rejects.toThrow('InvalidParameterException');
});

test('a user who is listed twice counts once', async () => {
  const { connect, plan } = prepare([], ['a']);
  const { send } = connect;
  connect.send = (async (command: never) => {
    const answer = (await send(command)) as { Users: object[] };
    return { Users: [...answer.Users, ...answer.Users] };
  }) as typeof connect.send;

  expect((await plan()).added).toHaveLength(1);
});
