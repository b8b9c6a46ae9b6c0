import { createAgentSnapshot, packUser, unpackUser } from '#core/agent-sync/agent-snapshot.ts';

test('keeps agents as they are', () => {
  const snapshot = createAgentSnapshot();
  const agents = [
    { agentId: 'a', placement: { extension: '0042' } },
    { agentId: 'b', placement: { waitingSince: '2026-11-01T08:00:00.000Z' } },
  ].map((agent) => ({
    ...agent,
    fingerprint: 'f'.repeat(22),
    addedAt: '2026-11-01T08:00:00.000Z',
  }));
  for (const agent of agents) snapshot.set(agent as Parameters<typeof snapshot.set>[0]);

  expect(agents.map(({ agentId }) => snapshot.get(agentId))).toEqual(agents);
  expect(snapshot.get('c')).toBeUndefined();
});

test('packs and unpacks users', () => {
  const user = { agentId: 'a', arn: 'arn', username: 'jané"', firstName: '', lastName: '\u0000' };

  expect(unpackUser(packUser(user))).toEqual(user);
  const tagged = { ...user, preferredExtension: '1042', unlisted: true as const };
  expect(unpackUser(packUser(tagged))).toEqual(tagged);
});
