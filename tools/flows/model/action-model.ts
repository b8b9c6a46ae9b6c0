/** The allowed values of a parameter. Every value is a string; a "static" one contains no reference ($.…). */
export type ParameterModel = { optional?: true } & (
  | { kind: 'text' }
  /** Static, or exactly one reference. */
  | { kind: 'static-or-reference' }
  | { kind: 'reference' }
  | { kind: 'static' }
  | { kind: 'choice'; values: readonly string[] }
  | { kind: 'whole'; from: number; to: number }
  /** Names and strings. `keys` limits the names, `max` their number. */
  | { kind: 'map'; keys?: readonly string[]; max?: number }
  | { kind: 'object'; fields: Record<string, ParameterModel> }
  | { kind: 'list'; of: Record<string, ParameterModel> }
);

/** The conditions that an action can have. */
export type ConditionModel =
  | { kind: 'none' }
  | { kind: 'any' }
  /** Equals with one of these operands. With `all`, each of them is required. */
  | { kind: 'equals'; operands: readonly string[]; all?: true }
  | { kind: 'greater-than-zero' };

/** One type of action, as the flow language describes it and Connect validates it. */
export interface ActionModel {
  /** Its page below https://docs.aws.amazon.com/connect/latest/APIReference/ */
  page: string;
  /** The shipped flow types that can contain it. */
  flowTypes: readonly string[];
  parameters: Record<string, ParameterModel>;
  /** Exactly one of these parameters is required. */
  oneOf?: readonly string[];
  /** Connect rejects an action without NextAction, even if a condition or an error always decides. */
  next: 'required' | 'optional' | 'none';
  /** The condition or error whose target NextAction must repeat. */
  mirrors?: string;
  conditions: ConditionModel;
  /** Each of these errors needs a branch. No other one is allowed. */
  errors: readonly string[];
  /** How the action ends the flow when it succeeds: the call ends, enters a queue or another flow, or waits. */
  ends?: 'call' | 'queue' | 'flow' | 'waits';
  /** The action plays a prompt. */
  speaks?: true;
}

/** The shipped flow types that can contain an action. */
export const IN_CONTACT_FLOWS = ['CONTACT_FLOW'] as const;
export const IN_QUEUE_FLOWS = ['CUSTOMER_QUEUE'] as const;
export const IN_BOTH = ['CONTACT_FLOW', 'CUSTOMER_QUEUE'] as const;

/** A queue, or the queue of an agent. */
export const QUEUE_OR_AGENT: Record<string, ParameterModel> = {
  QueueId: { kind: 'static-or-reference', optional: true },
  AgentId: { kind: 'static-or-reference', optional: true },
};

export const NO_CONDITIONS: ConditionModel = { kind: 'none' };

/** The value of the keyed input when the caller presses no key in time. */
export const NO_INPUT = 'Timeout';

/** The operators of conditions. A value that is not a number meets no number condition. */
export const OPERATORS = [
  'Equals',
  'TextStartsWith',
  'TextEndsWith',
  'TextContains',
  'NumberGreaterThan',
  'NumberGreaterOrEqualTo',
  'NumberLessThan',
  'NumberLessOrEqualTo',
] as const;

/** Limits of a flow, from https://docs.aws.amazon.com/connect/latest/APIReference/flow-language-actions.html */
export const FLOW_LIMITS = {
  version: '2019-10-30',
  actions: 250,
  identifier: 50,
  /** The limit of CreateContactFlow for the rendered JSON. */
  contentCharacters: 256_000,
  /** The total time of functions that run without a prompt between them. */
  lambdaChainSeconds: 20,
} as const;
