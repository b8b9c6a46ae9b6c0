import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import type { Play } from './action.ts';
import {
  updateContactAttributes,
  updateContactData,
  updateEventHooks,
  updateTargetQueue,
  updateVoice,
} from './contact.ts';
import { checkMetricData, compare, loop } from './decisions.ts';
import { disconnect, endFlow, nothing, notPlayed, transferToFlow } from './ends.ts';
import { getParticipantInput } from './input.ts';
import { invokeLambda } from './lambda.ts';
import { messageIteratively, messageParticipant } from './messages.ts';
import { dequeueAndTransfer, transferToQueue } from './queues.ts';

export type { Outcome } from './action.ts';

interface Playable {
  play: Play;
  /** The types of flows that may hold the action; all of them when it is not there. */
  flows?: readonly string[];
}

const TRANSFER = ['CONTACT_FLOW', 'QUEUE_TRANSFER', 'AGENT_TRANSFER'];
const TALK = [...TRANSFER, 'CUSTOMER_QUEUE'];
const WAIT = ['CUSTOMER_QUEUE', 'CUSTOMER_HOLD', 'AGENT_HOLD'];
const RETURN = ['CUSTOMER_QUEUE', 'CUSTOMER_WHISPER', 'AGENT_WHISPER', 'OUTBOUND_WHISPER'];

/** What can be played, and in which types of flows Connect allows it. */
const ACTIONS: Readonly<Record<string, Playable>> = {
  CheckMetricData: { play: checkMetricData },
  Compare: { play: compare },
  DequeueContactAndTransferToQueue: { play: dequeueAndTransfer, flows: ['CUSTOMER_QUEUE'] },
  DisconnectParticipant: { play: disconnect, flows: TALK },
  EndFlowExecution: { play: endFlow, flows: RETURN },
  EndFlowModuleExecution: { play: notPlayed },
  GetParticipantInput: { play: getParticipantInput, flows: TALK },
  InvokeFlowModule: { play: notPlayed },
  InvokeLambdaFunction: { play: invokeLambda },
  Loop: { play: loop },
  MessageParticipant: { play: messageParticipant },
  MessageParticipantIteratively: { play: messageIteratively, flows: WAIT },
  TransferContactToQueue: { play: transferToQueue, flows: TRANSFER },
  TransferToFlow: { play: transferToFlow, flows: TRANSFER },
  UpdateContactAttributes: { play: updateContactAttributes },
  UpdateContactData: { play: updateContactData },
  UpdateContactEventHooks: { play: updateEventHooks },
  UpdateContactTargetQueue: { play: updateTargetQueue, flows: TRANSFER },
  UpdateContactTextToSpeechVoice: { play: updateVoice },
  UpdateFlowLoggingBehavior: { play: nothing },
};

/**
 * How an action is played.
 *
 * @throws {FlowError} names a type that is unknown, or that the flow may not hold
 */
export function playOf(type: string, flowType: string): Play {
  const action = Object.hasOwn(ACTIONS, type) ? ACTIONS[type] : undefined;
  if (!action) {
    throw new FlowError(
      `"${type}" is no action that the player knows; it knows ${Object.keys(ACTIONS).join(', ')}.`,
    );
  }
  if (action.flows && !action.flows.includes(flowType)) {
    throw new FlowError(
      `${type} may not stand in a flow of type ${flowType}; it may in ${action.flows.join(', ')}.`,
    );
  }
  return action.play;
}
