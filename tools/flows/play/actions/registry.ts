import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import type { ActionHandler } from './action.ts';
import {
  updateContactAttributes,
  updateContactData,
  updateEventHooks,
  updateTargetQueue,
  updateVoice,
} from './contact.ts';
import { checkMetricData, compare, loop } from './decisions.ts';
import { disconnect, endFlow, noop, transferToFlow, unsupported } from './ends.ts';
import { getParticipantInput } from './input.ts';
import { invokeLambda } from './lambda.ts';
import { messageIteratively, messageParticipant } from './messages.ts';
import { dequeueAndTransfer, transferToQueue } from './queues.ts';

export type { ActionOutcome } from './action.ts';

interface PlayableType {
  handle: ActionHandler;
  /** The flow types that can contain the action. Absent: all flow types. */
  flows?: readonly string[];
}

const TRANSFER = ['CONTACT_FLOW', 'QUEUE_TRANSFER', 'AGENT_TRANSFER'];
const TALK = [...TRANSFER, 'CUSTOMER_QUEUE'];
const WAIT = ['CUSTOMER_QUEUE', 'CUSTOMER_HOLD', 'AGENT_HOLD'];
const RETURN = ['CUSTOMER_QUEUE', 'CUSTOMER_WHISPER', 'AGENT_WHISPER', 'OUTBOUND_WHISPER'];

/** The actions that the player supports, and the flow types that can contain them. */
const ACTIONS: Readonly<Record<string, PlayableType>> = {
  CheckMetricData: { handle: checkMetricData },
  Compare: { handle: compare },
  DequeueContactAndTransferToQueue: { handle: dequeueAndTransfer, flows: ['CUSTOMER_QUEUE'] },
  DisconnectParticipant: { handle: disconnect, flows: TALK },
  EndFlowExecution: { handle: endFlow, flows: RETURN },
  EndFlowModuleExecution: { handle: unsupported },
  GetParticipantInput: { handle: getParticipantInput, flows: TALK },
  InvokeFlowModule: { handle: unsupported },
  InvokeLambdaFunction: { handle: invokeLambda },
  Loop: { handle: loop },
  MessageParticipant: { handle: messageParticipant },
  MessageParticipantIteratively: { handle: messageIteratively, flows: WAIT },
  TransferContactToQueue: { handle: transferToQueue, flows: TRANSFER },
  TransferToFlow: { handle: transferToFlow, flows: TRANSFER },
  UpdateContactAttributes: { handle: updateContactAttributes },
  UpdateContactData: { handle: updateContactData },
  UpdateContactEventHooks: { handle: updateEventHooks },
  UpdateContactTargetQueue: { handle: updateTargetQueue, flows: TRANSFER },
  UpdateContactTextToSpeechVoice: { handle: updateVoice },
  UpdateFlowLoggingBehavior: { handle: noop },
};

/**
 * Finds the function that plays an action.
 *
 * @throws {FlowError} if the type is unknown or not allowed in the flow
 */
export function findHandler(type: string, flowType: string): ActionHandler {
  const action = Object.hasOwn(ACTIONS, type) ? ACTIONS[type] : undefined;
  if (!action) {
    throw new FlowError(
      `The player does not know the action "${type}". It knows ${Object.keys(ACTIONS).join(', ')}.`,
    );
  }
  if (action.flows && !action.flows.includes(flowType)) {
    throw new FlowError(`A flow of type ${flowType} cannot contain ${type}. Use ${action.flows.join(', ')}.`);
  }
  return action.handle;
}
