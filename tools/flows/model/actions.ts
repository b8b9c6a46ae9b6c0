import type { FlowAction } from '@switchboard/core/flows';
import type { ActionModel } from './action-model.ts';
import { CONTACT } from './contact.ts';
import { FLOW_CONTROL } from './flow-control.ts';
import { MENU, PARTICIPANT, STORED_INPUT } from './participant.ts';

/**
 * The actions that the shipped flows use. The checker, the player, and the emulator for Connect read this model.
 *
 * Connect enforces rules that its documentation does not mention. The model includes them: a NextAction on every action
 * that does not end the flow, `QueueAtCapacity` on every transfer to a queue, `NoMatchingCondition` on CheckMetricData,
 * and the exact error branches of GetParticipantInput.
 */
const MODELS: Record<string, ActionModel> = { ...PARTICIPANT, ...FLOW_CONTROL, ...CONTACT };

/** The model of an action; undefined for a type that the shipped flows do not use. */
export function actionModel(action: FlowAction): ActionModel | undefined {
  if (action.Type === 'GetParticipantInput') {
    return action.Parameters.StoreInput === 'True' ? STORED_INPUT : MENU;
  }
  return Object.hasOwn(MODELS, action.Type) ? MODELS[action.Type] : undefined;
}

/** All types in the model. */
export const ACTION_TYPES: readonly string[] = [...Object.keys(MODELS), 'GetParticipantInput'];
