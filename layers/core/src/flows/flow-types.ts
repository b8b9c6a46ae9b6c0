/** A flow in the Connect flow language: the `Content` of CreateContactFlow. */
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

/** Every value is a string; some parameters are objects or lists of strings. */
export type FlowValue = string | FlowValue[] | { [key: string]: FlowValue };

export interface FlowTransitions {
  NextAction?: string;
  /** In order: the first true one decides. */
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

/** The types of the shipped flows, as Connect names them. */
export type FlowType = 'CONTACT_FLOW' | 'CUSTOMER_QUEUE';
