import type { Flow, FlowAction, FlowType } from '@switchboard/core/flows';
import type { FlowGraph } from '#tools/flows/model/graph.ts';

/** A fault in a flow that Connect rejects, or that leaves a caller in silence. */
export interface Finding {
  /** The name of the flow, or of a table of prompts. */
  flow: string;
  /** The Identifier of the action that is at fault. Absent for a finding about the whole flow. */
  action?: string;
  rule: string;
  message: string;
}

/** The input of the checker. */
export interface CheckedFlow {
  name: string;
  type: FlowType;
  source: Flow;
}

/** A flow and its graph. */
export interface AnalyzedFlow extends CheckedFlow {
  graph: FlowGraph;
}

/** Creates findings of one rule for one flow. */
export function createReporter({ name }: CheckedFlow, rule: string) {
  return (message: string, action?: FlowAction): Finding => ({
    flow: name,
    ...(action === undefined ? {} : { action: action.Identifier }),
    rule,
    message,
  });
}
