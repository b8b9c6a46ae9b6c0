import { ADA, OPERATORS } from '#support/calls.ts';
import { type CallInstance, withStates } from '#tools/flows/play/index.ts';

const instance = {
  agent: async (id: string) => (id === ADA.id ? ADA : undefined),
  queue: async () => OPERATORS,
} as unknown as CallInstance;

test('agents are changed by user name and queues by name, for any reference', async () => {
  const changed = withStates(instance, { agents: { 'ada.martin': 'away' }, queues: { Operators: 'full' } });

  expect(await changed.agent(ADA.id)).toMatchObject({ agents: { staffed: 0 } });
  expect(await changed.queue(OPERATORS.id)).toMatchObject({ waiting: OPERATORS.capacity });
});

test('other agents do not change, and an unknown agent stays unknown', async () => {
  const changed = withStates(instance, { agents: { 'ben.okafor': 'away' } });

  expect(await changed.agent(ADA.id)).toBe(ADA);
  expect(await changed.agent('nobody')).toBeUndefined();
});
