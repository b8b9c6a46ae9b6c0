import { type Agent, agentFromItem, agentItem, displayName } from '#core/directory/agents.ts';

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

test('an agent comes back from its item as it went in, with an extension or waiting', () => {
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

test('agents with an extension are found by user name, the others by how long they wait', () => {
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

test('an agent without names is shown by the user name', () => {
  expect(displayName(details)).toBe('Jane Roe');
  expect(displayName({ ...details, firstName: '' })).toBe('Roe');
  expect(displayName({ ...details, firstName: '', lastName: '' })).toBe('jane.roe');
});

test.each([[undefined], [{}], [{ sk: 'AGENT' }], [{ sk: 'NUMBER', agentId: 'a1' }]])(
  '%j is no agent',
  (item) => {
    expect(agentFromItem(item)).toBeUndefined();
  },
);
