import type { Flow, FlowAction, FlowType } from '@switchboard/core/flows';
import type { FlowGraph } from '#tools/flows/model/graph.ts';

/** Something in a flow that would fail in Connect, or leave a caller in silence. */
export interface Finding {
  /** The name of the flow, or of a table of prompts. */
  flow: string;
  /** The Identifier of the action, when it is about one. */
  action?: string;
  rule: string;
  message: string;
}

/** A flow as the checker takes it. */
export interface CheckedFlow {
  name: string;
  type: FlowType;
  source: Flow;
}

/** A flow and the ways through it. */
export interface AnalyzedFlow extends CheckedFlow {
  graph: FlowGraph;
}

/** Reports about the actions of one flow. */
export function createReporter({ name }: CheckedFlow, rule: string) {
  return (message: string, action?: FlowAction): Finding => ({
    flow: name,
    ...(action === undefined ? {} : { action: action.Identifier }),
    rule,
    message,
  });
}
