import { ADA, OPERATORS } from '#support/calls.ts';
import { applyState } from '#tools/flows/play/destination-states.ts';

test.each([
  ['available', { agents: { online: 1, staffed: 1, available: 1 }, answeredAfterSeconds: 5 }],
  ['busy', { agents: { online: 1, staffed: 1, available: 0 }, answeredAfterSeconds: undefined }],
  ['away', { agents: { online: 1, staffed: 0, available: 0 }, answeredAfterSeconds: undefined }],
  ['offline', { agents: { online: 0, staffed: 0, available: 0 }, answeredAfterSeconds: undefined }],
  ['silent', { agents: { online: 1, staffed: 1, available: 1 }, answeredAfterSeconds: undefined }],
  ['full', { agents: { online: 1, staffed: 1, available: 1 }, waiting: 10, capacity: 10 }],
  ['answers:30', { agents: { online: 1, staffed: 1, available: 1 }, answeredAfterSeconds: 30 }],
])('an agent who is %s', (state, expected) => {
  expect(applyState(ADA, state)).toMatchObject({ kind: 'agent', id: ADA.id, key: 'ada.martin', ...expected });
});

test.each([
  ['open', { agents: { available: 1 }, answeredAfterSeconds: 5, waiting: 0 }],
  ['unstaffed', { agents: { online: 0, staffed: 0, available: 0 }, answeredAfterSeconds: undefined }],
  ['silent', { agents: { available: 1 }, answeredAfterSeconds: undefined }],
  ['full', { waiting: OPERATORS.capacity }],
  ['answers:0', { answeredAfterSeconds: 0 }],
])('a queue that is %s', (state, expected) => {
  expect(applyState(OPERATORS, state)).toMatchObject({ kind: 'queue', name: 'Operators', ...expected });
});

test('a state that is none is named with those there are', () => {
  expect(() => applyState(ADA, 'asleep')).toThrow(
    '"asleep" is no state; there are available, busy, away, offline, silent, full and answers:SECONDS.',
  );
  expect(() => applyState(OPERATORS, 'away')).toThrow(
    'there are open, unstaffed, silent, full and answers:SECONDS',
  );
});
