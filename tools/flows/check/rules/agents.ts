import type { FlowAction } from '@switchboard/core/flows';
import { type Finding, reporter, type Subject } from '#tools/flows/check/finding.ts';
import { isTarget, setTo, WAITING_FOR } from '#tools/flows/check/parameter-values.ts';
import { forward, IS_CERTAIN, MAY_BE, type Way } from '#tools/flows/model/graph.ts';

type Facts = ReadonlySet<string>;

const AGENT_QUEUE_FLOW = `\${AgentQueueFlowArn}`;
const AGENT = 'agent';
const HOOK = 'the customer queue flow';

/** Nobody is put into an agent's queue without the flow that takes them out of it again, and what that flow reads. */
export function checkAgentQueues(subject: Subject): Finding[] {
  const { graph } = subject;
  const report = reporter(subject, 'agent-queues');
  const none: Facts = new Set<string>();
  const maybe = forward(graph, none, { ...MAY_BE, after: target });
  const certain = forward(graph, none, { ...IS_CERTAIN, after: prepared });
  return [...graph.actions.values()]
    .filter(({ Type, Identifier }) => Type === 'TransferContactToQueue' && maybe.get(Identifier)?.has(AGENT))
    .flatMap((action) =>
      [HOOK, WAITING_FOR]
        .filter((fact) => !certain.get(action.Identifier)?.has(fact))
        .map((fact) =>
          report(`A caller can come into an agent's queue for whom ${fact} is not set on every way.`, action),
        ),
    );
}

function target(action: FlowAction, { by }: Way, state: Facts): Facts {
  if (!isTarget(action) || by !== 'next') return state;
  return new Set(Object.hasOwn(action.Parameters, 'AgentId') ? [AGENT] : []);
}

function prepared(action: FlowAction, { by }: Way, state: Facts): Facts {
  const hooks = action.Type === 'UpdateContactEventHooks' ? action.Parameters.EventHooks : undefined;
  if (typeof hooks === 'object' && !Array.isArray(hooks)) {
    return known(state, HOOK, by === 'next' && hooks.CustomerQueue === AGENT_QUEUE_FLOW);
  }
  const who = setTo(action, WAITING_FOR);
  return who === undefined ? state : known(state, WAITING_FOR, by === 'next' && who === AGENT);
}

function known(state: Facts, fact: string, is: boolean): Facts {
  return is ? state.union(new Set([fact])) : state.difference(new Set([fact]));
}
