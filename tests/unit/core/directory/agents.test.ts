import {
  type Agent,
  type AgentDetails,
  agentFromItem,
  agentItem,
  displayName,
  findAgentsByUsername,
  fingerprintOf,
} from '#core/directory/agents.ts';
import { writeActions } from '#core/directory/table.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';

const details = {
  agentId: 'a1',
  arn: 'arn:a1',
  username: 'jane.roe',
  firstName: 'Jane',
  lastName: 'Roe',
};
const agent: Agent = {
  ...details,
  fingerprint: 'f'.repeat(22),
  spellings: ['5263', '763', '7635263'],
  addedAt: '2026-11-01T08:00:00.000Z',
  placement: { extension: '0042' },
};

test('reads back the agent that it writes, with an extension or waiting', () => {
  const waiting: Agent = {
    ...agent,
    preferredExtension: '0050',
    unlisted: true,
    spellings: [],
    placement: { waitingSince: '2026-11-01T08:00:00.000Z' },
  };

  expect(agentFromItem(agentItem(agent))).toEqual(agent);
  expect(agentFromItem(agentItem(waiting))).toEqual(waiting);
});

test('lists agents with an extension by user name, and the others by how long they wait', () => {
  expect(agentItem(agent)).toMatchObject({
    pk: 'AGENT#a1',
    sk: 'AGENT',
    gsi1pk: 'AGENT',
    gsi1sk: 'jane.roe',
  });
  expect(agentItem({ ...agent, placement: { waitingSince: '2026-11-01' } })).toMatchObject({
    gsi1pk: 'WAITING',
    gsi1sk: '2026-11-01#jane.roe',
  });
});

test('displays the user name of an agent without names', () => {
  expect(displayName(details)).toBe('Jane Roe');
  expect(displayName({ ...details, firstName: '' })).toBe('Roe');
  expect(displayName({ ...details, firstName: '', lastName: '' })).toBe('jane.roe');
});

test.each([[undefined], [{}], [{ sk: 'AGENT' }], [{ sk: 'NUMBER', agentId: 'a1' }]])(
  '%j is not an agent',
  (item) => {
    expect(agentFromItem(item)).toBeUndefined();
  },
);

test('finds the agents whose user name begins with a prefix, in order', async () => {
  const directory = { client: memoryDynamoDb(() => 0).client, table: 'directory' };
  for (const username of ['jane.roe', 'jan', 'jane', 'joan', 'janet']) {
    const Item = agentItem({ ...agent, agentId: username, username });
    await writeActions(directory, [{ Put: { TableName: 'directory', Item } }]);
  }
  const find = async (prefix: string, limit: number) =>
    (await findAgentsByUsername(directory, prefix, { limit })).map(({ username }) => username);

  expect(await find('jane', 10)).toEqual(['jane', 'jane.roe', 'janet']);
  expect(await find('jane', 2)).toEqual(['jane', 'jane.roe']);
  expect(await find('k', 10)).toEqual([]);
});

test.each<[string, Partial<AgentDetails>]>([
  ['arn', { arn: 'arn:other' }],
  ['username', { username: 'jane.doe' }],
  ['firstName', { firstName: 'Joan' }],
  ['lastName', { lastName: 'Doe' }],
  ['preferredExtension', { preferredExtension: '1042' }],
  ['unlisted', { unlisted: true }],
])('the fingerprint depends on %s', (_, change) => {
  expect(fingerprintOf({ ...details, ...change })).not.toBe(fingerprintOf(details));
});

test('fingerprints depend on where one name ends and the next begins', () => {
  const [a, b] = [
    { ...details, firstName: 'Ann', lastName: 'e Roe' },
    { ...details, firstName: 'Anne', lastName: ' Roe' },
  ];

  expect(fingerprintOf(a)).not.toBe(fingerprintOf(b));
});

test('the fingerprint depends on the version, so that the next sync rewrites older agents', () => {
  // SHA-256 over [arn, username, firstName, lastName, preferredExtension], without a version.
  expect(fingerprintOf(details)).not.toBe('ZfF7zDQy7uf26vA1x3uSXf');
});
