import { type FlowAction, type FlowTransitions, SHIPPED_FLOWS } from '@switchboard/core/flows';
import fc from 'fast-check';
import { checkFlows } from '#tools/flows/check/check-flows.ts';
import { actionOf, changed, found } from './mutations.ts';

test('the shipped flows leave nobody in silence', () => {
  expect(checkFlows()).toEqual([]);
});

test('whatever action, way or error is taken out of the shipped flows, the checker sees it', () => {
  const names = ['agent-queue', 'extension-transfer', 'dial-by-name', 'inbound'] as const;
  const part = fc.constantFrom('action', 'next', 'error', 'parameter');
  fc.assert(
    fc.property(fc.constantFrom(...names), part, fc.nat(), fc.nat(), (name, what, one, other) => {
      let taken = false;
      const flows = changed(name, ({ source }) => {
        const action = source.Actions[one % source.Actions.length];
        if (action === undefined) return;
        taken = takeOut(source.Actions, action, what, other);
      });
      fc.pre(taken);
      expect(found(flows)).not.toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('whatever way of the shipped flows is made to hang up, the checker sees it', () => {
  const ways = SHIPPED_FLOWS.filter(({ type }) => type === 'CONTACT_FLOW').flatMap(({ name, source }) =>
    source.Actions.filter(({ Identifier }) => !/^say-(plain-)?goodbye/.test(Identifier)).flatMap(
      ({ Identifier, Transitions }) =>
        waysOf(Transitions).map((_, index) => ({ name, id: Identifier, index })),
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...ways), ({ name, id, index }) => {
      const flows = changed(name, ({ source }) => {
        const way = waysOf(actionOf(source.Actions, id).Transitions)[index];
        if (way !== undefined) way.NextAction = 'hang-up';
      });
      expect(found(flows)).not.toEqual([]);
    }),
    { numRuns: 30 },
  );
});

function waysOf(transitions: FlowTransitions): { NextAction?: string }[] {
  const { Conditions = [], Errors = [] } = transitions;
  return [...Conditions, ...Errors, ...(transitions.NextAction === undefined ? [] : [transitions])];
}

/** @returns whether there was something to take out */
function takeOut(actions: FlowAction[], action: FlowAction, what: string, which: number): boolean {
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

/** Connect has defaults for these. */
const OPTIONAL = [
  'DTMFConfiguration',
  'TextToSpeechEngine',
  'TextToSpeechStyle',
  'LambdaInvocationAttributes',
  'InterruptFrequencySeconds',
];
