import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expireNumbers } from '#core/phonebook/expire-numbers.ts';
import { chaoticClient } from '#support/chaos.ts';
import { fakeConnect, namedError } from '#support/directory.ts';
import { useSyncedDirectory } from '#support/synced-directory.ts';

const DAY = 86_400_000;
const { world, sync, hire, directory, row, extensionOf } = useSyncedDirectory('1000-1009');
const expireAfter = (days: number) => expireNumbers(directory(), world.clock.now() + days * DAY);

const about = (eventName: string, userId: string) => ({
  detail: { eventName, requestParameters: { userId } },
});

const stateOf = async (number: string) => (await row(number))?.state;
const update = (pk: string, sk: string, UpdateExpression: string, parts: object) =>
  world.tables.client.send(
    new UpdateCommand({ TableName: world.tables.directory, Key: { pk, sk }, UpdateExpression, ...parts }),
  );

test('a renamed user keeps the extension, also when the user name changes', async () => {
  hire('a');
  await sync();
  hire('a', { username: 'jane.doe', lastName: 'Doe' });

  const { changes } = await sync();

  expect(changes).toEqual([{ change: 'UPDATED', agentId: 'a', extension: '1000' }]);
  expect(await row('1000')).toMatchObject({ username: 'jane.doe', lastName: 'Doe' });
});

test('releases the extension of a user who left after the quarantine only', async () => {
  hire('a');
  hire('b', { tag: '1005' });
  await sync();
  world.connect.users.delete('b');

  await expect(sync()).resolves.toMatchObject({
    changes: [{ change: 'REMOVED', agentId: 'b', extension: '1005' }],
  });
  expect(await stateOf('1005')).toBe('QUARANTINED');
  await expireAfter(29);
  expect(await stateOf('1005')).toBe('QUARANTINED');
  await expireAfter(31);
  expect(await stateOf('1005')).toBe('UNUSED');
});

test('assigns the preferred extension of a tag, and reassigns it when the tag changes', async () => {
  hire('a', { tag: '1007' });
  await sync();
  expect(await extensionOf('a')).toBe('1007');
  hire('a', { tag: '1008' });

  await expect(sync()).resolves.toMatchObject({
    changes: [
      { change: 'UPDATED', agentId: 'a' },
      { change: 'REASSIGNED', agentId: 'a', extension: '1008', previousExtension: '1007' },
    ],
  });
  expect(await stateOf('1007')).toBe('QUARANTINED');
});

test.each([
  ['letters', 'tea', 'NOT_AN_EXTENSION'],
  ['a number outside of the range', '2000', 'NOT_IN_RANGE'],
])('a tag with %s is refused, and the lowest unused extension given', async (_, tag, reason) => {
  hire('a', { tag });

  const { refused } = await sync();

  expect(refused).toEqual([expect.objectContaining({ agentId: 'a', reason })]);
  expect(JSON.stringify(refused)).not.toContain('tea');
  expect(await extensionOf('a')).toBe('1000');
});

test('assigns a preferred extension to one of two users, and to the other as soon as it is unused', async () => {
  hire('a', { tag: '1005' });
  hire('b', { tag: '1005' });

  const first = await sync();
  const refused = first.refused[0]?.agentId ?? '';
  const lucky = refused === 'a' ? 'b' : 'a';
  expect(first.refused).toEqual([{ reason: 'ASSIGNED', agentId: refused, extension: '1005' }]);

  world.connect.users.delete(lucky);
  await sync({}, { quarantineDays: 0 });
  expect(await extensionOf(refused)).toBe('1005');
});

test('reassigns a chain of preferred extensions in one run without a quarantine', async () => {
  for (const [id, tag] of [
    ['a', '1001'],
    ['b', '1002'],
    ['c', '1003'],
  ] as const)
    hire(id, { tag });
  await sync({}, { quarantineDays: 0 });
  for (const [id, tag] of [
    ['a', '1002'],
    ['b', '1003'],
    ['c', '1004'],
  ] as const)
    hire(id, { tag });

  await expect(sync({}, { quarantineDays: 0 })).resolves.toMatchObject({
    refused: [],
    counts: { reassigned: 3 },
  });
});

test('puts agents on the waiting list, and assigns to the longest wait first', async () => {
  for (const id of ['a', 'b']) hire(id);
  await sync({}, { range: '10-11' });
  hire('first');
  await sync({}, { range: '10-11' });
  world.clock.advance(60_000);
  hire('second');

  await expect(sync({}, { range: '10-11' })).resolves.toMatchObject({
    status: 'DONE',
    counts: { waiting: 2 },
  });
  world.connect.users.delete('a');
  await sync({}, { range: '10-11', quarantineDays: 1 });
  await expireAfter(2);

  expect(await extensionOf('first')).toBeDefined();
  expect(await extensionOf('second')).toBeUndefined();

  world.clock.advance(60_000);
  hire('newcomer');
  await sync({}, { range: '10-12' });
  expect([await extensionOf('second'), await extensionOf('newcomer')]).toEqual(['12', undefined]);
});

test('adds, updates, and removes one user after events', async () => {
  await sync();
  hire('a');
  await expect(sync(about('CreateUser', 'a'))).resolves.toMatchObject({
    status: 'DONE',
    counts: { added: 1 },
  });
  hire('a', { firstName: 'Joan' });
  await expect(sync(about('UpdateUserIdentityInfo', 'a'))).resolves.toMatchObject({ counts: { updated: 1 } });
  await expect(sync(about('UpdateUserIdentityInfo', 'a'))).resolves.toMatchObject({ changes: [] });
  world.connect.users.delete('a');
  await expect(sync(about('DeleteUser', 'a'))).resolves.toMatchObject({ counts: { removed: 1 } });
  await expect(sync(about('DeleteUser', 'a'))).resolves.toMatchObject({ status: 'DONE', changes: [] });
});

test('retries an event about a user that Connect does not show yet, then leaves it to the schedule', async () => {
  await sync();

  await expect(sync(about('CreateUser', 'late'))).resolves.toMatchObject({
    status: 'PARTIAL',
    refused: [{ reason: 'NOT_IN_CONNECT', agentId: 'late' }],
    counts: { connectCalls: 4 },
  });
});

test('does not remove a user after DeleteUser while Connect still has it', async () => {
  hire('a');
  await sync();

  await expect(sync(about('DeleteUser', 'a'))).resolves.toMatchObject({
    status: 'PARTIAL',
    refused: [{ reason: 'STILL_IN_CONNECT', agentId: 'a' }],
  });
  expect(await extensionOf('a')).toBe('1000');
});

test('does not remove a new agent that the list of users lacks', async () => {
  await sync();
  hire('a');
  hire('b');
  await sync(about('CreateUser', 'a'));
  world.connect.unlisted.add('a');

  await expect(sync()).resolves.toMatchObject({ counts: { added: 1, removed: 0 } });
  world.connect.users.delete('a');
  await expect(sync()).resolves.toMatchObject({ counts: { removed: 1 } });
});

test('keeps an extension outside a smaller range until it is released', async () => {
  hire('a', { tag: '1009' });
  hire('b', { tag: '1000' });
  await sync();

  await expect(sync({}, { range: '1000-1004' })).resolves.toMatchObject({
    extensionsOutOfRange: ['1009'],
    counts: { extensionsOutOfRange: 1, extensionsRemoved: 4 },
  });
  await expect(sync({}, { range: '1000-1004' })).resolves.toMatchObject({ extensionsOutOfRange: ['1009'] });
  world.connect.users.delete('a');
  await sync({}, { range: '1000-1004' });
  expect(await stateOf('1009')).toBe('QUARANTINED');
  await expireAfter(31);
  expect(await stateOf('1009')).toBeUndefined();
});

test('number-expiry neither frees a number that the range loses nor removes one that it regains', async () => {
  hire('a', { tag: '1009' });
  hire('b', { tag: '1000' });
  await sync();
  world.connect.users.delete('a');
  await sync();
  const meanwhile = (range: string) => {
    let changed = false;
    return {
      async send(command: Parameters<DynamoDBDocumentClient['send']>[0]) {
        const answer = await world.tables.client.send(command);
        // Between what number-expiry reads and what it writes.
        if (command instanceof QueryCommand && !changed) {
          changed = true;
          await sync({}, { range });
        }
        return answer;
      },
    } as unknown as DynamoDBDocumentClient;
  };
  const due = world.clock.now() + 31 * DAY;

  await expireNumbers({ ...directory(), client: meanwhile('1000-1004') }, due);
  expect(await stateOf('1009')).toBe('QUARANTINED');
  await expireNumbers({ ...directory(), client: meanwhile('1000-1009') }, due);
  expect(await stateOf('1009')).toBe('QUARANTINED');
  await expireNumbers(directory(), due);
  expect(await stateOf('1009')).toBe('UNUSED');
});

test('does nothing while another sync holds the lease', async () => {
  hire('a');
  await update('SYNC', 'LEASE', 'SET holder = :h, expiresAt = :e', {
    ExpressionAttributeValues: { ':h': 'other', ':e': world.clock.now() + 60_000 },
  });

  await expect(sync()).resolves.toMatchObject({ status: 'BUSY', changes: [] });
  expect(world.connect.calls).toEqual([]);
  world.clock.advance(61_000);
  await expect(sync()).resolves.toMatchObject({ status: 'DONE' });
});

test('continues a run that ended early', async () => {
  world.connect = fakeConnect([], 2);
  for (let number = 0; number < 8; number += 1) hire(`u${number}`);

  const first = await sync({}, { budgetMs: 2_000 });
  expect(first).toMatchObject({ status: 'PARTIAL', message: expect.stringContaining('Time ran out') });
  expect(first.counts.added).toBeGreaterThan(0);
  const calls = world.connect.calls.length;

  const second = await sync();
  expect(second).toMatchObject({ status: 'DONE', counts: { users: 8, added: 8 - first.counts.added } });
  expect(world.connect.calls.length - calls).toBeGreaterThan(4);
});

test('reports an agent whose extension does not name it, and continues', async () => {
  hire('a');
  hire('b');
  await sync();
  const damaged = await extensionOf('a');
  await update(`NUMBER#${damaged}`, 'NUMBER', 'SET agentId = :nobody', {
    ExpressionAttributeValues: { ':nobody': 'nobody' },
  });
  hire('a', { firstName: 'Joan' });

  await expect(sync()).resolves.toMatchObject({
    refused: [{ reason: 'ASSIGNMENT_DAMAGED', agentId: 'a', extension: damaged }],
  });
  world.connect.users.delete('a');
  await expect(sync()).resolves.toMatchObject({ counts: { removed: 1 } });
  await update(
    `NUMBER#${damaged}`,
    'NUMBER',
    'SET #s = :u, gsi1pk = :p, gsi1sk = :n REMOVE agentId, agentArn, username, firstName, lastName',
    {
      ExpressionAttributeNames: { '#s': 'state' },
      ExpressionAttributeValues: { ':u': 'UNUSED', ':p': 'UNUSED#extension', ':n': damaged },
    },
  );
});

test('writes the export after a change and again after a failure, and only then', async () => {
  let written = 0;
  let broken = true;
  const exportAgents = async () => {
    if (broken) throw namedError('NoSuchBucket');
    written += 1;
  };
  hire('a');

  await expect(sync({}, { exportAgents })).rejects.toThrow('NoSuchBucket');
  broken = false;
  await sync({}, { exportAgents });
  await sync({}, { exportAgents });
  expect(written).toBe(1);

  hire('a', { firstName: 'Joan' });
  await sync(about('UpdateUserIdentityInfo', 'a'), { exportAgents });
  expect(written).toBe(1);
  await sync({}, { exportAgents });
  expect(written).toBe(2);
});

test('exports every change after a run that was killed at any request', async () => {
  const exported = new Set<string>();
  const exportAgents = async () => {
    for (const id of world.connect.users.keys()) if (await extensionOf(id)) exported.add(id);
  };
  await sync({}, { range: '1000-1099', exportAgents });
  for (let killAt = 0; killAt < 24; killAt += 1) {
    const id = `killed-${killAt}`;
    hire(id);
    const killed = chaoticClient(world.tables.client, { killAt, side: 'after', faults: 0 }, () => 0);
    await sync({}, { range: '1000-1099', exportAgents, client: killed }).catch(() => undefined);
    await world.clock.sleep(120_000);
    await sync({}, { range: '1000-1099', exportAgents });

    expect(exported).toContain(id);
  }
});

test('sends one request for 500 agents and one for no numbers, and writes nothing without changes', async () => {
  for (let number = 0; number < 2_000; number += 1) hire(`u${number}`);
  const writes: string[] = [];
  const watched = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: world.tables.endpoint }));
  watched.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        if (!/Get|Query/.test(commandName)) writes.push(commandName);
        return next(args);
      },
    { step: 'initialize', name: 'watch' },
  );
  const setup = { range: '1000-3999', client: watched };
  await expect(sync({}, setup)).resolves.toMatchObject({
    status: 'DONE',
    counts: { added: 2_000, extensionsUnused: 1_000, connectCalls: 4 + 1 },
  });
  writes.length = 0;

  await expect(sync({}, setup)).resolves.toMatchObject({ status: 'DONE', counts: { connectCalls: 4 + 1 } });
  expect(writes).toEqual([]);
});
