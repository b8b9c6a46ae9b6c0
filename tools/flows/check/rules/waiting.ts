import type { FlowAction } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { attributeSetBy, OPERATOR_QUEUE, queueOf, WAITING_FOR } from '#tools/flows/check/parameter-values.ts';
import {
  actionsInCycles,
  type FlowEdge,
  isLoopEdge,
  isWaitEdge,
  MUST_ANALYSIS,
  propagate,
} from '#tools/flows/model/graph.ts';

/** The attribute has the value that it had when the caller entered the queue. */
const UNCHANGED = 'unchanged';
/** The caller does not wait for one agent. */
const NO_AGENT = 'no agent';

/**
 * A caller who waits for an agent reaches the operator: no path ends the flow, plays a prompt without an interrupt, or
 * repeats without a transfer to the operator queue. A caller in the operator or VIP queue can keep waiting.
 */
export function checkWaiting(subject: AnalyzedFlow): Finding[] {
  if (subject.type !== 'CUSTOMER_QUEUE') return [];
  const { graph } = subject;
  const report = createReporter(subject, 'waiting');
  const known = propagate(graph, new Set([UNCHANGED]) as ReadonlySet<string>, { ...MUST_ANALYSIS, after });
  const forAgent = (id: string) => known.has(id) && known.get(id)?.has(NO_AGENT) === false;
  const stays = [...graph.actions.values()].filter(
    (action) => forAgent(action.Identifier) && staysForEver(action, graph.edges(action)),
  );
  const rounds = actionsInCycles(
    graph,
    (action, edge) => forAgent(edge.to) && !isLoopEdge(edge) && !triesOperator(action),
  ).filter(({ Identifier }) => forAgent(Identifier));
  return [
    ...stays.map((action) =>
      report("A caller can wait in an agent's queue forever. Lead this path to the operator queue.", action),
    ),
    ...rounds.map((action) =>
      report(
        'A caller who waits for an agent can return here. Transfer the call to the operator queue first.',
        action,
      ),
    ),
  ];
}

function after(action: FlowAction, edge: FlowEdge, state: ReadonlySet<string>): ReadonlySet<string> {
  if (attributeSetBy(action, WAITING_FOR) !== undefined) return state.difference(new Set([UNCHANGED]));
  return state.has(UNCHANGED) && saysNoAgent(action, edge) ? state.union(new Set([NO_AGENT])) : state;
}

function saysNoAgent({ Type, Parameters, Transitions }: FlowAction, { by, condition }: FlowEdge): boolean {
  if (Type !== 'Compare' || Parameters.ComparisonValue !== `$.Attributes.${WAITING_FOR}`) return false;
  if (by === 'condition') return condition?.Operator === 'Equals' && condition.Operands[0] !== 'agent';
  return (Transitions.Conditions ?? []).some(
    ({ Condition }) => Condition.Operator === 'Equals' && Condition.Operands[0] === 'agent',
  );
}

function staysForEver({ Type, Parameters }: FlowAction, edges: readonly FlowEdge[]): boolean {
  if (Type === 'EndFlowExecution') return true;
  if (Type !== 'MessageParticipantIteratively') return false;
  return !Object.hasOwn(Parameters, 'InterruptFrequencySeconds') || !edges.some(isWaitEdge);
}

const triesOperator = (action: FlowAction) =>
  action.Type === 'DequeueContactAndTransferToQueue' && queueOf(action) === OPERATOR_QUEUE;
