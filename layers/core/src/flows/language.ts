/** A flow in the Connect flow language, as CreateContactFlow takes it in `Content`. */
export interface Flow {
  Version: string;
  /** The Identifier of the first action. */
  StartAction: string;
  Actions: FlowAction[];
}

export interface FlowAction {
  /** Unique in its flow. */
  Identifier: string;
  /** `MessageParticipant`, `Compare` … */
  Type: string;
  Parameters: Record<string, FlowValue>;
  /** Empty for an action that ends the flow. */
  Transitions: FlowTransitions;
}

/** Every value is a text; some parameters are objects or lists of texts. */
export type FlowValue = string | FlowValue[] | { [key: string]: FlowValue };

export interface FlowTransitions {
  NextAction?: string;
  /** Read in order: the first that is true wins. */
  Conditions?: FlowCondition[];
  Errors?: FlowError[];
}

export interface FlowCondition {
  NextAction: string;
  Condition: { Operator: string; Operands: string[] };
}

export interface FlowError {
  NextAction: string;
  ErrorType: string;
}

/** The types of flows that we ship, in Connect's words. */
export type FlowType = 'CONTACT_FLOW' | 'CUSTOMER_QUEUE';
