import type { FlowAction } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { attributeSetBy, setsTargetQueue, WAITING_FOR } from '#tools/flows/check/parameter-values.ts';
import { type FlowEdge, MAY_ANALYSIS, MUST_ANALYSIS, propagate } from '#tools/flows/model/graph.ts';

type Facts = ReadonlySet<string>;

const AGENT_QUEUE_FLOW = `\${AgentQueueFlowArn}`;
const AGENT = 'agent';
const HOOK = 'the customer queue flow';

/** Before a caller enters an agent's queue, the flow sets the customer queue flow and the attribute that it reads. */
export function checkAgentQueues(subject: AnalyzedFlow): Finding[] {
  const { graph } = subject;
  const report = createReporter(subject, 'agent-queues');
  const none: Facts = new Set<string>();
  const maybe = propagate(graph, none, { ...MAY_ANALYSIS, after: target });
  const certain = propagate(graph, none, { ...MUST_ANALYSIS, after: prepared });
  return [...graph.actions.values()]
    .filter(({ Type, Identifier }) => Type === 'TransferContactToQueue' && maybe.get(Identifier)?.has(AGENT))
    .flatMap((action) =>
      [HOOK, WAITING_FOR]
        .filter((fact) => !certain.get(action.Identifier)?.has(fact))
        .map((fact) =>
          report(
            `A caller can reach an agent's queue before ${fact} is set. Set it on every path to this action.`,
            action,
          ),
        ),
    );
}

function target(action: FlowAction, { by }: FlowEdge, state: Facts): Facts {
  if (!setsTargetQueue(action) || by !== 'next') return state;
  return new Set(Object.hasOwn(action.Parameters, 'AgentId') ? [AGENT] : []);
}

function prepared(action: FlowAction, { by }: FlowEdge, state: Facts): Facts {
  const hooks = action.Type === 'UpdateContactEventHooks' ? action.Parameters.EventHooks : undefined;
  if (typeof hooks === 'object' && !Array.isArray(hooks)) {
    return known(state, HOOK, by === 'next' && hooks.CustomerQueue === AGENT_QUEUE_FLOW);
  }
  const who = attributeSetBy(action, WAITING_FOR);
  return who === undefined ? state : known(state, WAITING_FOR, by === 'next' && who === AGENT);
}

function known(state: Facts, fact: string, is: boolean): Facts {
  return is ? state.union(new Set([fact])) : state.difference(new Set([fact]));
}
