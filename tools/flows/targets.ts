import type { FlowAction } from '@switchboard/core/flows';

export const OPERATOR_QUEUE = `\${OperatorQueueArn}`;
/** Says who is to take the call of somebody in a queue. */
export const WAITING_FOR = 'switchboard_waiting_for';

export const isTarget = ({ Type }: FlowAction) => Type === 'UpdateContactTargetQueue';
export const queueOf = ({ Parameters }: FlowAction) => String(Parameters.QueueId ?? Parameters.AgentId);

/** What an action sets an attribute to; undefined when it leaves it as it is. */
export function setTo(action: FlowAction, attribute: string): string | undefined {
  const attributes = action.Type === 'UpdateContactAttributes' ? action.Parameters.Attributes : undefined;
  if (typeof attributes !== 'object' || Array.isArray(attributes)) return undefined;
  return Object.hasOwn(attributes, attribute) ? String(attributes[attribute]) : undefined;
}
