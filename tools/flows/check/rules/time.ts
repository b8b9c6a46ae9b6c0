import type { FlowAction } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { transferTarget } from '#tools/flows/check/parameter-values.ts';
import { FLOW_LIMITS } from '#tools/flows/model/action-model.ts';
import { actionModel } from '#tools/flows/model/actions.ts';
import { propagate } from '#tools/flows/model/graph.ts';

/** The functions between two prompts stay within Connect's time limit, across all flows of a call. */
export function checkTime(flows: readonly AnalyzedFlow[]): Finding[] {
  const entries = new Map(flows.map(({ name }) => [name, 0]));
  // A flow can start with time that the previous flow has used. A chain has at most as many flows as there are.
  for (const _ of flows) {
    for (const subject of flows) passOn(subject, seconds(subject, entries.get(subject.name) ?? 0), entries);
  }
  return flows.flatMap((subject) => {
    const report = createReporter(subject, 'time');
    const spent = seconds(subject, entries.get(subject.name) ?? 0);
    return [...subject.graph.actions.values()]
      .filter(
        (action) =>
          limitOf(action) > 0 &&
          (spent.get(action.Identifier) ?? 0) + limitOf(action) > FLOW_LIMITS.lambdaChainSeconds,
      )
      .map((action) =>
        report(
          `This function and those before it can take more than ${FLOW_LIMITS.lambdaChainSeconds} seconds in silence. Play a prompt between them.`,
          action,
        ),
      );
  });
}

/** The maximum number of seconds that functions have used since the last prompt, when an action starts. */
function seconds({ graph }: AnalyzedFlow, entry: number): Map<string, number> {
  return propagate(graph, entry, {
    join: Math.max,
    same: (one, other) => one === other,
    // The cap makes the analysis of a cycle of functions end.
    after: (action, _, spent) =>
      actionModel(action)?.speaks ? 0 : Math.min(spent + limitOf(action), FLOW_LIMITS.lambdaChainSeconds + 1),
  });
}

function passOn({ graph }: AnalyzedFlow, spent: Map<string, number>, entries: Map<string, number>): void {
  for (const action of graph.actions.values()) {
    const target = transferTarget(action);
    if (target === undefined) continue;
    entries.set(target, Math.max(entries.get(target) ?? 0, spent.get(action.Identifier) ?? 0));
  }
}

function limitOf({ Type, Parameters }: FlowAction): number {
  return Type === 'InvokeLambdaFunction' ? Number(Parameters.InvocationTimeLimitSeconds) || 0 : 0;
}
