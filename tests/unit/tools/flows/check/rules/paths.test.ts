import { findingsAfter, leadTo } from '../mutations.ts';

test('a call that is cut off without a word is found', () => {
  expect(
    findingsAfter('inbound', 'operator-transfer', (action) => {
      for (const error of action.Transitions.Errors ?? []) error.NextAction = 'hang-up';
    }),
  ).toEqual(
    expect.arrayContaining([
      expect.stringContaining('ends: It disconnects the caller without a goodbye'),
      'error-branches: After QueueAtCapacity, a call can end in silence. Play a sentence on this branch.',
    ]),
  );
});

test('an action that leads round and round is found, and that it leads nowhere else', () => {
  const findings = findingsAfter('inbound', 'say-trouble', leadTo('say-trouble'));
  expect(findings).toEqual(
    expect.arrayContaining([
      'cycles: A call can return to this action without end. Count the rounds with a Loop action.',
      'ends: No path from this action reaches a queue, another flow, or a goodbye. Add one.',
    ]),
  );
});

test('a question that is repeated without counting is found', () => {
  const findings = findingsAfter('inbound', 'say-nothing-keyed', leadTo('menu'));
  expect(new Set(findings)).toEqual(
    new Set(['cycles: A call can return to this action without end. Count the rounds with a Loop action.']),
  );
});

test('an error that leads past the queues is found', () => {
  expect(
    findingsAfter('extension-transfer', 'find-keyed', (action) => {
      for (const error of action.Transitions.Errors ?? []) error.NextAction = 'say-goodbye';
    }),
  ).toContain(
    'error-branches: After NoMatchingError, a call can reach no queue. Lead this branch to the operator queue.',
  );
});

test('an error that leads into a queue without a word is found', () => {
  expect(
    findingsAfter('extension-transfer', 'find-keyed', (action) => {
      for (const error of action.Transitions.Errors ?? []) error.NextAction = 'plain-operator-queue';
    }),
  ).toEqual([
    'error-branches: After NoMatchingError, a call can end in silence. Play a sentence on this branch.',
  ]);
});

test('a caller who is only welcomed before the flow hangs up is cut off', () => {
  expect(findingsAfter('inbound', 'say-welcome', leadTo('hang-up'))).toContainEqual(
    expect.stringContaining('ends: It disconnects the caller without a goodbye'),
  );
});

test('a goodbye to a caller whom the operator could still help is found', () => {
  expect(findingsAfter('extension-transfer', 'say-away', leadTo('say-goodbye'))).toContain(
    'ends: It says goodbye although the operator can still help. Transfer the call to the operator queue first.',
  );
});
