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

function known(agentId: string): Agent {
  const agent = agentFromItem(table.agent(agentId));
  if (!agent) throw new Error(`There is no ${agentId}.`);
  return agent;
}

/** As a full run remembers it. */
function remembered(agentId: string): ExpectedAgent {
  const { fingerprint, placement } = known(agentId);
  return { agentId, fingerprint, placement };
}

function renamed(agentId: string) {
  const { arn, username, spellings } = known(agentId);
  return { agentId, arn, username, spellings, firstName: 'Joan', lastName: 'Doe' };
}

test.each(['a1', 'a2'])('renaming an agent renames the owner of each of its numbers: %s', async (agentId) => {
  expect(await updateAgentDetails(directory(), remembered(agentId), renamed(agentId))).toBe('DONE');

  const agent = known(agentId);
  expect(table.number(agent.directNumber ?? '')).toMatchObject({
    firstName: 'Joan',
    lastName: 'Doe',
    agentId,
  });
  expect(findDamage(table.db.items)).toEqual([]);
});

test.each(['a1', 'a2'])('an agent who leaves gives all its numbers up: %s', async (agentId) => {
  const { directNumber: direct = '' } = known(agentId);

  expect(await removeAgent(directory(), remembered(agentId), quarantined)).toBe('DONE');

  expect(table.number(direct)).toMatchObject({ state: 'QUARANTINED', dueAt });
  expect(table.agent(agentId)).toBeUndefined();
  expect(findDamage(table.db.items)).toEqual([]);
});

test('an extension outside of the range is removed with its agent, a direct number is free', async () => {
  table.db.items.set('SYNC POOL_RANGE', { pk: 'SYNC', sk: 'POOL_RANGE', target: '2000-2009' });

  const lost = await removeAgent(directory(), known('a1'), { to: 'REMOVED', target: '3000-3009' });
  expect(lost).toBe('CONFLICT');
  const done = await removeAgent(directory(), known('a1'), { to: 'REMOVED', target: '2000-2009' });
  expect(done).toBe('DONE');

  expect(table.number('1000')).toBeUndefined();
  expect(table.number(directNumber)).toMatchObject({ state: 'UNUSED' });
});

test('a direct number given to the agent meanwhile is not overlooked', async () => {
  const before = { ...known('a1') };
  delete before.directNumber;

  expect(await removeAgent(directory(), before, quarantined)).toBe('CONFLICT');
  expect(await updateAgentDetails(directory(), before, renamed('a1'))).toBe('CONFLICT');
});

test('moving to another extension leaves the direct number alone', async () => {
  const move = { old: '1000', extension: '1001', release: quarantined };
  const { spellings: _, ...details } = renamed('a1');
  const same = { ...details, firstName: 'Jane', lastName: 'Roe' };

  expect(await reassignExtension(directory(), remembered('a1'), same, move)).toBe('DONE');
  expect(known('a1')).toMatchObject({ directNumber, placement: { extension: '1001' } });
  expect(findDamage(table.db.items)).toEqual([]);
});

test.each([
  ['changed', () => updateAgentDetails(directory(), remembered('a1'), renamed('a1'))],
  ['removed', () => removeAgent(directory(), remembered('a1'), quarantined)],
])('an agent whose direct number is lost forgets it, and is %s then', async (_, change) => {
  table.db.items.delete(`NUMBER#${directNumber} NUMBER`);

  expect(await change()).toBe('CONFLICT');
  expect(table.agent('a1')).not.toHaveProperty('directNumber');
  expect(await change()).toBe('DONE');
  expect(findDamage(table.db.items)).toEqual([]);
});

test('an agent whose extension is lost leaves all the same', async () => {
  table.db.items.delete('NUMBER#1000 NUMBER');

  expect(await updateAgentDetails(directory(), remembered('a1'), renamed('a1'))).toBe('DAMAGED');
  expect(await removeAgent(directory(), remembered('a1'), quarantined)).toBe('DONE');

  expect(table.number(directNumber)).toMatchObject({ state: 'QUARANTINED' });
  expect(findDamage(table.db.items)).toEqual([]);
});
