import { type FlowAction, type FlowTransitions, SHIPPED_FLOWS } from '@switchboard/core/flows';
import fc from 'fast-check';
import { checkFlows } from '#tools/flows/check/check-flows.ts';
import { actionOf, changed, found } from './mutations.ts';

test('the shipped flows have no findings', () => {
  expect(checkFlows()).toEqual([]);
});

test('the checker finds any action, target, error, or parameter that is removed from a shipped flow', () => {
  const names = ['agent-queue', 'extension-transfer', 'dial-by-name', 'inbound'] as const;
  const part = fc.constantFrom('action', 'next', 'error', 'parameter');
  fc.assert(
    fc.property(fc.constantFrom(...names), part, fc.nat(), fc.nat(), (name, what, one, other) => {
      let removed = false;
      const flows = changed(name, ({ source }) => {
        const action = source.Actions[one % source.Actions.length];
        if (action === undefined) return;
        removed = remove(source.Actions, action, what, other);
      });
      fc.pre(removed);
      expect(found(flows)).not.toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('the checker finds any transition of a shipped flow that hangs up instead', () => {
  const places = SHIPPED_FLOWS.filter(({ type }) => type === 'CONTACT_FLOW').flatMap(({ name, source }) =>
    source.Actions.filter(({ Identifier }) => !/^say-(plain-)?goodbye/.test(Identifier)).flatMap(
      ({ Identifier, Transitions }) =>
        transitionsOf(Transitions).map((_, index) => ({ name, id: Identifier, index })),
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...places), ({ name, id, index }) => {
      const flows = changed(name, ({ source }) => {
        const transition = transitionsOf(actionOf(source.Actions, id).Transitions)[index];
        if (transition !== undefined) transition.NextAction = 'hang-up';
      });
      expect(found(flows)).not.toEqual([]);
    }),
    { numRuns: 30 },
  );
});

function transitionsOf(transitions: FlowTransitions): { NextAction?: string }[] {
  const { Conditions = [], Errors = [] } = transitions;
  return [...Conditions, ...Errors, ...(transitions.NextAction === undefined ? [] : [transitions])];
}

/** @returns whether the action had the part */
function remove(actions: FlowAction[], action: FlowAction, what: string, which: number): boolean {
  const { Transitions, Parameters } = action;
  switch (what) {
    case 'action':
      actions.splice(actions.indexOf(action), 1);
      return true;
    case 'next':
      return Transitions.NextAction !== undefined && delete Transitions.NextAction;
    case 'error':
      return (Transitions.Errors?.splice(which % Transitions.Errors.length, 1).length ?? 0) > 0;
    default: {
      const names = Object.keys(Parameters).filter((name) => !OPTIONAL.includes(name));
      const name = names[which % names.length];
      return name !== undefined && delete Parameters[name];
    }
  }
}

/** Connect has default values for these parameters. */
const OPTIONAL = [
  'DTMFConfiguration',
  'TextToSpeechEngine',
  'TextToSpeechStyle',
  'LambdaInvocationAttributes',
  'InterruptFrequencySeconds',
];
