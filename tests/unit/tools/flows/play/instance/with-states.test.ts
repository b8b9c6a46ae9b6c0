import { ADA, OPERATORS } from '#support/calls.ts';
import { type CallInstance, withStates } from '#tools/flows/play/index.ts';

const instance = {
  agent: async (id: string) => (id === ADA.id ? ADA : undefined),
  queue: async () => OPERATORS,
} as unknown as CallInstance;

test('agents are changed by user name and queues by name, whatever they are asked for by', async () => {
  const changed = withStates(instance, { agents: { 'ada.martin': 'away' }, queues: { Operators: 'full' } });

  expect(await changed.agent(ADA.id)).toMatchObject({ agents: { staffed: 0 } });
  expect(await changed.queue(OPERATORS.id)).toMatchObject({ waiting: OPERATORS.capacity });
});

test('others stay as they are, and who is not there stays away', async () => {
  const changed = withStates(instance, { agents: { 'ben.okafor': 'away' } });

  expect(await changed.agent(ADA.id)).toBe(ADA);
  expect(await changed.agent('nobody')).toBeUndefined();
});
