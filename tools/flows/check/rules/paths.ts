import type { FlowAction } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { OPERATOR_QUEUE, queueOf, setsTargetQueue } from '#tools/flows/check/parameter-values.ts';
import { actionModel } from '#tools/flows/model/actions.ts';
import {
  actionsInCycles,
  type FlowEdge,
  isLoopEdge,
  isWaitEdge,
  MAY_ANALYSIS,
  MUST_ANALYSIS,
  propagate,
} from '#tools/flows/model/graph.ts';

/** Every path ends in a queue, in another flow, or with a goodbye, and plays a prompt first. */
export function checkPaths(subject: AnalyzedFlow): Finding[] {
  return [...checkEnds(subject), ...checkCycles(subject), ...checkErrorBranches(subject)];
}

/** Every action leads to an end. No goodbye is played before the operator queue has failed. */
function checkEnds(subject: AnalyzedFlow): Finding[] {
  const { graph } = subject;
  const report = createReporter(subject, 'ends');
  const ending = backward(subject, isEnd, () => true);
  const lastResort = lastResorts(subject);
  const failed = operatorFailed(subject, lastResort);
  return [...graph.actions.values()].flatMap((action) => [
    ...(ending.has(action.Identifier)
      ? []
      : [report('No path from this action reaches a queue, another flow, or a goodbye. Add one.', action)]),
    ...graph.edges(action).flatMap((edge) => {
      const target = graph.actions.get(edge.to);
      if (isDisconnect(target) && !saysGoodbye(action)) {
        return [
          report('It disconnects the caller without a goodbye. Play a say_goodbye sentence first.', action),
        ];
      }
      const noQueueLeft =
        failed.has(action.Identifier) || (isError(edge) && lastResort.has(action.Identifier));
      if (target === undefined || !saysGoodbye(target) || noQueueLeft) return [];
      return [
        report(
          'It says goodbye although the operator can still help. Transfer the call to the operator queue first.',
          action,
        ),
      ];
    }),
  ]);
}

/** Every cycle contains a Loop action or waits in a queue. */
function checkCycles(subject: AnalyzedFlow): Finding[] {
  return actionsInCycles(subject.graph, (_, edge) => !isLoopEdge(edge) && !isWaitEdge(edge)).map((action) =>
    createReporter(subject, 'cycles')(
      'A call can return to this action without end. Count the rounds with a Loop action.',
      action,
    ),
  );
}

/** Every error branch plays a prompt and can reach a queue. */
function checkErrorBranches(subject: AnalyzedFlow): Finding[] {
  const { graph } = subject;
  const report = createReporter(subject, 'error-branches');
  const silent = backward(
    subject,
    (action) => isEnd(action) && !speaks(action),
    (action) => !speaks(action),
  );
  const answered = backward(subject, isTransfer, () => true);
  const lastResort = lastResorts(subject);
  return [...graph.actions.values()].flatMap((action) =>
    graph
      .edges(action)
      .filter(isError)
      .flatMap(({ to, error }) => [
        ...(silent.has(to) && !isSentence(action) && !SOUND.has(action.Type)
          ? [report(`After ${error}, a call can end in silence. Play a sentence on this branch.`, action)]
          : []),
        ...(answered.has(to) || lastResort.has(action.Identifier) || subject.type === 'CUSTOMER_QUEUE'
          ? []
          : [
              report(
                `After ${error}, a call can reach no queue. Lead this branch to the operator queue.`,
                action,
              ),
            ]),
      ]),
  );
}

/** The actions that lead to the operator queue, and the goodbyes. If they fail, there is no other queue. */
function lastResorts(subject: AnalyzedFlow): Set<string> {
  const { graph } = subject;
  const targets = propagate(graph, new Set<string>() as ReadonlySet<string>, {
    ...MAY_ANALYSIS,
    after: (action, edge, state) =>
      edge.by === 'next' && setsTargetQueue(action) ? new Set([queueOf(action)]) : state,
  });
  const toOperator = (action: FlowAction) =>
    setsTargetQueue(action) || action.Type === 'DequeueContactAndTransferToQueue'
      ? queueOf(action) === OPERATOR_QUEUE
      : isTransfer(action) &&
        [...(targets.get(action.Identifier) ?? [])].every((queue) => queue === OPERATOR_QUEUE);
  return new Set(
    [...graph.actions.values()]
      .filter((action) => toOperator(action) || saysGoodbye(action))
      .map(({ Identifier }) => Identifier),
  );
}

/** The actions that a call reaches only after the operator queue has failed. */
function operatorFailed({ graph }: AnalyzedFlow, lastResort: ReadonlySet<string>): Set<string> {
  const failed = propagate(graph, new Set<string>() as ReadonlySet<string>, {
    ...MUST_ANALYSIS,
    after: (action, edge, state) =>
      isError(edge) && lastResort.has(action.Identifier) && !saysGoodbye(action)
        ? new Set([OPERATOR_QUEUE])
        : state,
  });
  return new Set([...failed].filter(([, state]) => state.size > 0).map(([id]) => id));
}

/** The actions that satisfy `last`, and those that reach one of them through actions that satisfy `on`. */
function backward(
  { graph }: AnalyzedFlow,
  last: (action: FlowAction) => boolean,
  on: (action: FlowAction) => boolean,
): Set<string> {
  const found = new Set([...graph.actions.values()].filter(last).map(({ Identifier }) => Identifier));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const action of graph.actions.values()) {
      if (on(action) && graph.edges(action).some(({ to }) => found.has(to))) found.add(action.Identifier);
    }
  }
  return found;
}

/** Actions that only change how prompts sound. If they fail, the call continues normally. */
const SOUND = new Set(['UpdateContactTextToSpeechVoice', 'UpdateContactData']);

const speaks = (action: FlowAction) => actionModel(action)?.speaks === true;
/** If one sentence cannot be played, another one cannot either. A repeated prompt has not started when it fails. */
const isSentence = ({ Type }: FlowAction) => Type === 'MessageParticipant';
const saysGoodbye = ({ Type, Parameters }: FlowAction) =>
  Type === 'MessageParticipant' && /\bsay_goodbye/.test(String(Parameters.Text));
const isDisconnect = (action: FlowAction | undefined) => action?.Type === 'DisconnectParticipant';
/** NoMatchingCondition is not a failure, although the flow language lists it as an error. */
const isError = ({ by, error }: FlowEdge) => by === 'error' && error !== 'NoMatchingCondition';

function isTransfer(action: FlowAction): boolean {
  const ends = actionModel(action)?.ends;
  return ends === 'queue' || ends === 'flow';
}

/** Repeated prompts without an interrupt never end: they play until an agent answers. */
function isEnd(action: FlowAction): boolean {
  const waits =
    action.Type === 'MessageParticipantIteratively' &&
    Object.hasOwn(action.Parameters, 'InterruptFrequencySeconds');
  return actionModel(action)?.ends !== undefined && !waits;
}
