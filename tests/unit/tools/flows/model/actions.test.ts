import { ACTION_TYPES, actionModel } from '#tools/flows/model/actions.ts';
import { findHandler } from '#tools/flows/play/actions/registry.ts';

const FLOW_TYPES = ['CONTACT_FLOW', 'CUSTOMER_QUEUE'];

const action = (Type: string) => ({ Identifier: 'it', Type, Parameters: {}, Transitions: {} });

test.each(ACTION_TYPES)('%s is played in the flows where the model allows it, and in no other', (type) => {
  const played = FLOW_TYPES.filter((flowType) => {
    try {
      return findHandler(type, flowType) !== undefined;
    } catch {
      return false;
    }
  });
  expect(actionModel(action(type))?.flowTypes).toEqual(played);
});

test('a question has a model of its own when what is keyed is kept', () => {
  const kept = { ...action('GetParticipantInput'), Parameters: { StoreInput: 'True' } };
  expect(actionModel(kept)?.errors).toEqual(['NoMatchingError']);
  expect(actionModel(action('GetParticipantInput'))?.errors).toContain('InputTimeLimitExceeded');
});

test.each(['TransferContactToAgent', 'toString'])('there is no model of %s', (type) => {
  expect(actionModel(action(type))).toBeUndefined();
});
