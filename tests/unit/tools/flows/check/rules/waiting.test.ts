import type { FlowAction } from '@switchboard/core/flows';
import { findingsAfter, leadTo } from '../mutations.ts';

const STAYS = "waiting: A caller can wait in an agent's queue forever. Lead this path to the operator queue.";
const ROUND =
  'waiting: A caller who waits for an agent can return here. Transfer the call to the operator queue first.';

const interrupted = (target: string) => (action: FlowAction) => {
  for (const way of action.Transitions.Conditions ?? []) way.NextAction = target;
};
const failed = (target: string) => (action: FlowAction) => {
  for (const way of action.Transitions.Errors ?? []) way.NextAction = target;
};

test("a flow that ends while the caller is in an agent's queue is found", () => {
  expect(findingsAfter('agent-queue', 'ring', interrupted('stop'))).toContain(STAYS);
  expect(findingsAfter('agent-queue', 'ring', failed('stop'))).toContain(STAYS);
  expect(findingsAfter('agent-queue', 'ring-on', failed('stop'))).toContain(STAYS);
});

test('ringing that goes on and on is found', () => {
  expect(findingsAfter('agent-queue', 'ring', interrupted('ring'))).toContain(ROUND);
  expect(findingsAfter('agent-queue', 'say-no-answer', leadTo('ring'))).toContain(ROUND);
  expect(findingsAfter('agent-queue', 'ring-on', interrupted('ring-on'))).toContain(ROUND);
});

test('a prompt for an agent that nothing interrupts is found', () => {
  expect(
    findingsAfter('agent-queue', 'ring', ({ Parameters }) => delete Parameters.InterruptFrequencySeconds),
  ).toContain(STAYS);
  expect(findingsAfter('agent-queue', 'prompts-default', failed('wait-plain'))).toContain(STAYS);
});

test('ringing that goes on in the queue of another agent is found', () => {
  expect(
    findingsAfter('agent-queue', 'to-operator', (action) => {
      action.Parameters = { AgentId: '$.Attributes.switchboard_agent_name' };
    }),
  ).toContain(ROUND);
});

test('a way to wait on that does not know whom the caller waits for is found', () => {
  expect(findingsAfter('agent-queue', 'language-known', leadTo('wait-plain'))).toContain(STAYS);
  expect(
    findingsAfter('agent-queue', 'waiting-for', ({ Transitions }) => {
      for (const { Condition } of Transitions.Conditions ?? []) Condition.Operands = ['operator'];
    }),
  ).toContain(STAYS);
});

test('what the flow itself has set does not tell in which queue the caller is', () => {
  expect(findingsAfter('agent-queue', 'say-no-answer', leadTo('waiting-for'))).toContain(STAYS);
});

test('an error that comes back at once, without a wait, is found where callers may wait for ever, too', () => {
  expect(findingsAfter('agent-queue', 'wait', failed('wait'))).toContain(
    'cycles: A call can return to this action without end. Count the rounds with a Loop action.',
  );
});

test('a prompt that fails and ends the flow without a word is found', () => {
  expect(findingsAfter('agent-queue', 'wait', failed('stop'))).toContain(
    'error-branches: After NoMatchingError, a call can end in silence. Play a sentence on this branch.',
  );
});

test('a goodbye in a queue before the operator was tried is found', () => {
  expect(findingsAfter('agent-queue', 'no-answer', leadTo('say-goodbye'))).toContain(
    'ends: It says goodbye although the operator can still help. Transfer the call to the operator queue first.',
  );
});
