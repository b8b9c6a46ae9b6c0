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

/** The attribute still says what it said when the caller came into the queue. */
const AS_IT_WAS = 'as it was';
/** The caller does not wait for a single agent. */
const NO_AGENT = 'no agent';

/**
 * A caller who waits for an agent reaches the operator: no path ends the flow, plays without an interrupt, or loops
 * without trying the operator's queue. A caller who waits for the operator or in the VIP queue may wait on.
 */
export function checkWaiting(subject: AnalyzedFlow): Finding[] {
  if (subject.type !== 'CUSTOMER_QUEUE') return [];
  const { graph } = subject;
  const report = createReporter(subject, 'waiting');
  const known = propagate(graph, new Set([AS_IT_WAS]) as ReadonlySet<string>, { ...MUST_ANALYSIS, after });
  const forAgent = (id: string) => known.has(id) && known.get(id)?.has(NO_AGENT) === false;
  const stays = [...graph.actions.values()].filter(
    (action) => forAgent(action.Identifier) && staysForEver(action, graph.edges(action)),
  );
  const rounds = actionsInCycles(
    graph,
    (action, way) => forAgent(way.to) && !isLoopEdge(way) && !triesOperator(action),
  ).filter(({ Identifier }) => forAgent(Identifier));
  return [
    ...stays.map((action) => report("A caller can stay in an agent's queue for ever.", action)),
    ...rounds.map((action) =>
      report("A caller who waits for an agent comes back here without trying the operator's queue.", action),
    ),
  ];
}

function after(action: FlowAction, way: FlowEdge, state: ReadonlySet<string>): ReadonlySet<string> {
  if (attributeSetBy(action, WAITING_FOR) !== undefined) return state.difference(new Set([AS_IT_WAS]));
  return state.has(AS_IT_WAS) && saysNoAgent(action, way) ? state.union(new Set([NO_AGENT])) : state;
}

function saysNoAgent({ Type, Parameters, Transitions }: FlowAction, { by, condition }: FlowEdge): boolean {
  if (Type !== 'Compare' || Parameters.ComparisonValue !== `$.Attributes.${WAITING_FOR}`) return false;
  if (by === 'condition') return condition?.Operator === 'Equals' && condition.Operands[0] !== 'agent';
  return (Transitions.Conditions ?? []).some(
    ({ Condition }) => Condition.Operator === 'Equals' && Condition.Operands[0] === 'agent',
  );
}

function staysForEver({ Type, Parameters }: FlowAction, ways: readonly FlowEdge[]): boolean {
  if (Type === 'EndFlowExecution') return true;
  if (Type !== 'MessageParticipantIteratively') return false;
  return !Object.hasOwn(Parameters, 'InterruptFrequencySeconds') || !ways.some(isWaitEdge);
}

const triesOperator = (action: FlowAction) =>
  action.Type === 'DequeueContactAndTransferToQueue' && queueOf(action) === OPERATOR_QUEUE;
