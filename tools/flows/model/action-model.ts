/** What a value of a parameter may be. Every value is a text; "static" means that it holds no reference ($.…). */
export type ParameterModel = { optional?: true } & (
  | { kind: 'text' }
  /** Wholly static, or one reference and nothing else. */
  | { kind: 'static-or-reference' }
  | { kind: 'reference' }
  | { kind: 'static' }
  | { kind: 'choice'; values: readonly string[] }
  | { kind: 'whole'; from: number; to: number }
  /** Names and texts; `keys` limits the names, `most` how many there may be. */
  | { kind: 'map'; keys?: readonly string[]; most?: number }
  | { kind: 'object'; fields: Record<string, ParameterModel> }
  | { kind: 'list'; of: Record<string, ParameterModel> }
);

/** What conditions an action may have. */
export type ConditionModel =
  | { kind: 'none' }
  | { kind: 'any' }
  /** Equals with one of these; `all` when each of them must be there. */
  | { kind: 'equals'; operands: readonly string[]; all?: true }
  | { kind: 'greater-than-zero' };

/** One type of action, as the flow language describes it and as Connect is known to check it. */
export interface ActionModel {
  /** Its page below https://docs.aws.amazon.com/connect/latest/APIReference/ */
  page: string;
  /** The flow types it may stand in, of those that we ship. */
  flowTypes: readonly string[];
  parameters: Record<string, ParameterModel>;
  /** Of these parameters exactly one must be given. */
  oneOf?: readonly string[];
  /** Connect refuses an action without a NextAction, also where a condition or an error always decides. */
  next: 'required' | 'optional' | 'none';
  /** Where the action repeats the target of NextAction: the error that stands for "nothing else fits". */
  mirrors?: string;
  conditions: ConditionModel;
  /** Each of these must be handled, and no other may be named. */
  errors: readonly string[];
  /** What success means when it ends the flow: the caller is gone, in a queue, or in another flow. */
  ends?: 'call' | 'queue' | 'flow' | 'waits';
  /** The caller hears something. */
  speaks?: true;
}

/** The flow types that an action may stand in, of those that we ship. */
export const IN_CONTACT_FLOWS = ['CONTACT_FLOW'] as const;
export const IN_QUEUE_FLOWS = ['CUSTOMER_QUEUE'] as const;
export const IN_BOTH = ['CONTACT_FLOW', 'CUSTOMER_QUEUE'] as const;

/** A queue, or the queue of an agent. */
export const QUEUE_OR_AGENT: Record<string, ParameterModel> = {
  QueueId: { kind: 'static-or-reference', optional: true },
  AgentId: { kind: 'static-or-reference', optional: true },
};

export const NO_CONDITIONS: ConditionModel = { kind: 'none' };

/** The text that a caller's input has when no key came in time. */
export const NO_INPUT = 'Timeout';

/** The operators of conditions; numbers are compared as numbers, and what is no number fits none of theirs. */
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
  /** Of the rendered JSON, from CreateContactFlow. */
  contentCharacters: 256_000,
  /** Of the Lambda blocks that follow each other without a prompt between them. */
  lambdaChainSeconds: 20,
} as const;
