import { type Agent, agentFromItem } from '#core/directory/agents.ts';
import {
  type ExpectedAgent,
  reassignExtension,
  removeAgent,
  updateAgentDetails,
} from '#core/directory/assignments.ts';
import { numberItem } from '#core/directory/numbers.ts';
import { findDamage } from '#support/directory.ts';
import { agentWith, type PhonebookTable, phonebookTable, unused } from '#support/phonebook.ts';

const directNumber = '+16135550100';
const dueAt = '2026-12-01T08:00:00.000Z';
const quarantined = { to: 'QUARANTINED', dueAt } as const;
let table: PhonebookTable;

beforeEach(async () => {
  table = await phonebookTable([
    ...agentWith('a1', { extension: '1000', directNumber }),
    ...agentWith('a2', { directNumber: '+16135550101' }),
    numberItem(unused('1001')),
  ]);
});

function directory() {
  return { client: table.db.client, table: 'directory' };
}

function stored(agentId: string): Agent {
  const agent = agentFromItem(table.agent(agentId));
  if (!agent) throw new Error(`There is no ${agentId}.`);
  return agent;
}

/** As in the snapshot of a full run. */
function inSnapshot(agentId: string): ExpectedAgent {
  const { fingerprint, placement } = stored(agentId);
  return { agentId, fingerprint, placement };
}

function renamed(agentId: string) {
  const { arn, username, spellings } = stored(agentId);
  return { agentId, arn, username, spellings, firstName: 'Joan', lastName: 'Doe' };
}

test.each(['a1', 'a2'])('renames the owner of each number of an agent: %s', async (agentId) => {
  expect(await updateAgentDetails(directory(), inSnapshot(agentId), renamed(agentId))).toEqual({
    kind: 'DONE',
  });

  const agent = stored(agentId);
  expect(table.number(agent.directNumber ?? '')).toMatchObject({
    firstName: 'Joan',
    lastName: 'Doe',
    agentId,
  });
  expect(findDamage(table.db.items)).toEqual([]);
});

test.each(['a1', 'a2'])('releases all numbers of an agent that it removes: %s', async (agentId) => {
  const { directNumber: direct = '' } = stored(agentId);

  expect(await removeAgent(directory(), inSnapshot(agentId), quarantined)).toEqual({ kind: 'DONE' });

  expect(table.number(direct)).toMatchObject({ state: 'QUARANTINED', dueAt });
  expect(table.agent(agentId)).toBeUndefined();
  expect(findDamage(table.db.items)).toEqual([]);
});

test('removes an extension outside the range with its agent, and releases the direct number', async () => {
  table.db.items.set('SYNC POOL_RANGE', { pk: 'SYNC', sk: 'POOL_RANGE', target: '2000-2009' });

  const lost = await removeAgent(directory(), stored('a1'), { to: 'REMOVED', target: '3000-3009' });
  expect(lost).toEqual({ kind: 'CONFLICT' });
  const done = await removeAgent(directory(), stored('a1'), { to: 'REMOVED', target: '2000-2009' });
  expect(done).toEqual({ kind: 'DONE' });

  expect(table.number('1000')).toBeUndefined();
  expect(table.number(directNumber)).toMatchObject({ state: 'UNUSED' });
});

test('detects a direct number that was assigned since the agent was read', async () => {
  const before = { ...stored('a1') };
  delete before.directNumber;

  expect(await removeAgent(directory(), before, quarantined)).toEqual({ kind: 'CONFLICT' });
  expect(await updateAgentDetails(directory(), before, renamed('a1'))).toEqual({ kind: 'CONFLICT' });
});

test('keeps the direct number when it reassigns the extension', async () => {
  const move = { old: '1000', extension: '1001', release: quarantined };
  const { spellings: _, ...details } = renamed('a1');
  const same = { ...details, firstName: 'Jane', lastName: 'Roe' };

  expect(await reassignExtension(directory(), inSnapshot('a1'), same, move)).toEqual({ kind: 'DONE' });
  expect(stored('a1')).toMatchObject({ directNumber, placement: { extension: '1001' } });
  expect(findDamage(table.db.items)).toEqual([]);
});

test.each([
  ['changed', () => updateAgentDetails(directory(), inSnapshot('a1'), renamed('a1'))],
  ['removed', () => removeAgent(directory(), inSnapshot('a1'), quarantined)],
])(
  'removes a direct number that does not name the agent, and then the agent can be %s',
  async (_, change) => {
    table.db.items.delete(`NUMBER#${directNumber} NUMBER`);

    expect(await change()).toEqual({ kind: 'CONFLICT' });
    expect(table.agent('a1')).not.toHaveProperty('directNumber');
    expect(await change()).toEqual({ kind: 'DONE' });
    expect(findDamage(table.db.items)).toEqual([]);
  },
);

test('removes an agent whose extension does not name it', async () => {
  table.db.items.delete('NUMBER#1000 NUMBER');

  expect(await updateAgentDetails(directory(), inSnapshot('a1'), renamed('a1'))).toEqual({ kind: 'DAMAGED' });
  expect(await removeAgent(directory(), inSnapshot('a1'), quarantined)).toEqual({ kind: 'DONE' });

  expect(table.number(directNumber)).toMatchObject({ state: 'QUARANTINED' });
  expect(findDamage(table.db.items)).toEqual([]);
});
