import type { FlowAction } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { transferTarget } from '#tools/flows/check/parameter-values.ts';
import { FLOW_LIMITS } from '#tools/flows/model/action-model.ts';
import { actionModel } from '#tools/flows/model/actions.ts';
import { propagate } from '#tools/flows/model/graph.ts';

/** The Lambda blocks between two prompts take no longer than Connect lets a caller wait, over all flows of a call. */
export function checkTime(flows: readonly AnalyzedFlow[]): Finding[] {
  const entries = new Map(flows.map(({ name }) => [name, 0]));
  // A flow may be entered with seconds spent by the one before; a chain of flows is at most as long as there are flows.
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
          `The functions before it, and it, may take more than ${FLOW_LIMITS.lambdaChainSeconds} seconds without a prompt.`,
          action,
        ),
      );
  });
}

/** The most seconds that functions have taken since the caller heard something, when an action begins. */
function seconds({ graph }: AnalyzedFlow, entry: number): Map<string, number> {
  return propagate(graph, entry, {
    join: Math.max,
    same: (one, other) => one === other,
    // Beyond the limit it does not matter by how much, and a ring of functions comes to an end.
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
