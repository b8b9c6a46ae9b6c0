import type { FlowAction, FlowValue } from '@switchboard/core/flows';

/** A piece of the flow's data that a parameter reads: `$.External.status`. */
export interface Reference {
  /** `External` for the last Lambda response, `Attributes` for those of the contact, otherwise the name itself. */
  namespace: string;
  /** Empty for `$.StoredCustomerInput`. */
  key: string;
}

/** All references in a value, in order. */
export function referencesIn(value: FlowValue): Reference[] {
  return textsIn(value).flatMap((text) =>
    [...text.matchAll(/\$\.([A-Za-z]+)(?:\.([A-Za-z0-9_-]+))?/g)].map(([, namespace = '', key = '']) => ({
      namespace,
      key,
    })),
  );
}

/** All strings in a value, at any depth. */
export function textsIn(value: FlowValue): string[] {
  if (typeof value === 'string') return [value];
  return Object.values(value).flatMap(textsIn);
}

/** The placeholder for a flow's ARN: `ExtensionTransferFlowArn` for extension-transfer. */
export function flowPlaceholder(name: string): string {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}FlowArn`;
}

/** The name of the shipped flow that a TransferToFlow action leads to; undefined for all others. */
export function transferTarget({ Type, Parameters }: FlowAction): string | undefined {
  if (Type !== 'TransferToFlow') return undefined;
  const name = /^\$\{(\w+)FlowArn\}$/.exec(String(Parameters.ContactFlowId))?.[1];
  return name?.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

export const OPERATOR_QUEUE = `\${OperatorQueueArn}`;
/** The attribute that holds what a caller in a queue waits for: `agent` or `operator`. */
export const WAITING_FOR = 'switchboard_waiting_for';

export const setsTargetQueue = ({ Type }: FlowAction) => Type === 'UpdateContactTargetQueue';
export const queueOf = ({ Parameters }: FlowAction) => String(Parameters.QueueId ?? Parameters.AgentId);

/** The value that an action sets an attribute to; undefined when it does not set it. */
export function attributeSetBy(action: FlowAction, attribute: string): string | undefined {
  const attributes = action.Type === 'UpdateContactAttributes' ? action.Parameters.Attributes : undefined;
  if (typeof attributes !== 'object' || Array.isArray(attributes)) return undefined;
  return Object.hasOwn(attributes, attribute) ? String(attributes[attribute]) : undefined;
}
