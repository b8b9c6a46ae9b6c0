import { createAgentSnapshot, packUser, unpackUser } from '#core/agent-sync/agent-snapshot.ts';

test('agents come back from their short strings as they went in', () => {
  const known = createAgentSnapshot();
  const agents = [
    { agentId: 'a', placement: { extension: '0042' } },
    { agentId: 'b', placement: { waitingSince: '2026-11-01T08:00:00.000Z' } },
  ].map((agent) => ({
    ...agent,
    fingerprint: 'f'.repeat(22),
    addedAt: '2026-11-01T08:00:00.000Z',
  }));
  for (const agent of agents) known.set(agent as Parameters<typeof known.set>[0]);

  expect(agents.map(({ agentId }) => known.get(agentId))).toEqual(agents);
  expect(known.get('c')).toBeUndefined();
});

test('users come back from theirs', () => {
  const user = { agentId: 'a', arn: 'arn', username: 'jané"', firstName: '', lastName: '\u0000' };

  expect(unpackUser(packUser(user))).toEqual(user);
  const tagged = { ...user, preferredExtension: '1042', unlisted: true as const };
  expect(unpackUser(packUser(tagged))).toEqual(tagged);
});
