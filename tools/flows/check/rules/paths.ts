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

/** Every path ends in a queue, in another flow, or with a goodbye, and the caller hears a prompt first. */
export function checkPaths(subject: AnalyzedFlow): Finding[] {
  return [...checkEnds(subject), ...checkCycles(subject), ...checkErrorBranches(subject)];
}

/** Every action leads to an end, and no caller hears a goodbye while the operator can still be reached. */
function checkEnds(subject: AnalyzedFlow): Finding[] {
  const { graph } = subject;
  const report = createReporter(subject, 'ends');
  const ending = backward(subject, isEnd, () => true);
  const lastResort = lastResorts(subject);
  const failed = operatorFailed(subject, lastResort);
  return [...graph.actions.values()].flatMap((action) => [
    ...(ending.has(action.Identifier)
      ? []
      : [report('No way from here leads to a queue, another flow or a goodbye.', action)]),
    ...graph.edges(action).flatMap((way) => {
      const target = graph.actions.get(way.to);
      if (isDisconnect(target) && !saysGoodbye(action)) {
        return [
          report(
            'It cuts the caller off without a goodbye, a sentence whose name begins with say_goodbye.',
            action,
          ),
        ];
      }
      const noQueueLeft =
        failed.has(action.Identifier) || (isError(way) && lastResort.has(action.Identifier));
      if (target === undefined || !saysGoodbye(target) || noQueueLeft) return [];
      return [report('It says goodbye to a caller whom the operator could still help.', action)];
    }),
  ]);
}

/** A flow that returns to where it was must count the times, or wait in a queue. */
function checkCycles(subject: AnalyzedFlow): Finding[] {
  return actionsInCycles(subject.graph, (_, way) => !isLoopEdge(way) && !isWaitEdge(way)).map((action) =>
    createReporter(subject, 'cycles')('Calls can come back here without end.', action),
  );
}

/** After an error the caller hears something, and a queue is still within reach. */
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
          ? [report(`After ${error} a call can end without a word.`, action)]
          : []),
        ...(answered.has(to) || lastResort.has(action.Identifier) || subject.type === 'CUSTOMER_QUEUE'
          ? []
          : [report(`After ${error} no queue can be reached any more.`, action)]),
      ]),
  );
}

/** The steps into the operator's queue: when they fail there is no other queue to turn to. */
function lastResorts(subject: AnalyzedFlow): Set<string> {
  const { graph } = subject;
  const targets = propagate(graph, new Set<string>() as ReadonlySet<string>, {
    ...MAY_ANALYSIS,
    after: (action, way, state) =>
      way.by === 'next' && setsTargetQueue(action) ? new Set([queueOf(action)]) : state,
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

/** The actions that a call comes to only when the operator's queue has failed. */
function operatorFailed({ graph }: AnalyzedFlow, lastResort: ReadonlySet<string>): Set<string> {
  const failed = propagate(graph, new Set<string>() as ReadonlySet<string>, {
    ...MUST_ANALYSIS,
    after: (action, way, state) =>
      isError(way) && lastResort.has(action.Identifier) && !saysGoodbye(action)
        ? new Set([OPERATOR_QUEUE])
        : state,
  });
  return new Set([...failed].filter(([, state]) => state.size > 0).map(([id]) => id));
}

/** The actions that satisfy `last`, and those from which one of them can be reached over actions that satisfy `on`. */
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

/** How it sounds: when it cannot be set, the call goes on as if it had been, and there is nothing to tell. */
const SOUND = new Set(['UpdateContactTextToSpeechVoice', 'UpdateContactData']);

const speaks = (action: FlowAction) => actionModel(action)?.speaks === true;
/** What could not be said in one sentence need not be said in another; a prompt that repeats has yet to begin. */
const isSentence = ({ Type }: FlowAction) => Type === 'MessageParticipant';
const saysGoodbye = ({ Type, Parameters }: FlowAction) =>
  Type === 'MessageParticipant' && /\bsay_goodbye/.test(String(Parameters.Text));
const isDisconnect = (action: FlowAction | undefined) => action?.Type === 'DisconnectParticipant';
/** A condition that does not hold is no error, though the flow language lists it among them. */
const isError = ({ by, error }: FlowEdge) => by === 'error' && error !== 'NoMatchingCondition';

function isTransfer(action: FlowAction): boolean {
  const ends = actionModel(action)?.ends;
  return ends === 'queue' || ends === 'flow';
}

/** Interrupted prompts continue. All others repeat until an agent answers. */
function isEnd(action: FlowAction): boolean {
  const waits =
    action.Type === 'MessageParticipantIteratively' &&
    Object.hasOwn(action.Parameters, 'InterruptFrequencySeconds');
  return actionModel(action)?.ends !== undefined && !waits;
}
