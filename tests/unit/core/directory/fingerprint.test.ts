import type { AgentDetails } from '#core/directory/agents.ts';
import { fingerprintOf } from '#core/directory/agents.ts';

const details: AgentDetails = {
  agentId: 'a1',
  arn: 'arn:a1',
  username: 'jane.roe',
  firstName: 'Jane',
  lastName: 'Roe',
};

test.each<[string, Partial<AgentDetails>]>([
  ['arn', { arn: 'arn:other' }],
  ['username', { username: 'jane.doe' }],
  ['firstName', { firstName: 'Joan' }],
  ['lastName', { lastName: 'Doe' }],
  ['preferred', { preferredExtension: '1042' }],
  ['unlisted', { unlisted: true }],
])('another %s is another fingerprint', (_, change) => {
  expect(fingerprintOf({ ...details, ...change })).not.toBe(fingerprintOf(details));
});

test('names cannot be shifted into one another', () => {
  const [a, b] = [
    { ...details, firstName: 'Ann', lastName: 'e Roe' },
    { ...details, firstName: 'Anne', lastName: ' Roe' },
  ];

  expect(fingerprintOf(a)).not.toBe(fingerprintOf(b));
});

test('agents stored before names were spelled have another fingerprint, so that the next sync spells them', () => {
  // SHA-256 over [arn, username, firstName, lastName, preferred], as it was then.
  expect(fingerprintOf(details)).not.toBe('ZfF7zDQy7uf26vA1x3uSXf');
});
