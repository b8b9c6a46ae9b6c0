import type { FlowAction } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { type ActionModel, FLOW_LIMITS } from '#tools/flows/model/action-model.ts';
import { actionModel } from '#tools/flows/model/actions.ts';
import { namedTargets } from '#tools/flows/model/graph.ts';

/** Names that mean something in JavaScript, which the page of actions forbids as identifiers. */
const FORBIDDEN = new Set([
  '__proto__',
  'constructor',
  '__defineGetter__',
  '__defineSetter__',
  'toString',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'valueOf',
]);

/** The actions are named well, lead to actions that exist, and are all of use. */
export function checkStructure(subject: AnalyzedFlow): Finding[] {
  const { source, graph } = subject;
  const report = createReporter(subject, 'structure');
  const starts = graph.actions.has(source.StartAction);
  const findings: Finding[] = [];
  if (source.Version !== FLOW_LIMITS.version)
    findings.push(report(`The version is not ${FLOW_LIMITS.version}.`));
  if (!starts) findings.push(report(`StartAction names ${source.StartAction}, which does not exist.`));
  if (source.Actions.length > FLOW_LIMITS.actions) {
    findings.push(
      report(`${source.Actions.length} actions are more than the ${FLOW_LIMITS.actions} allowed.`),
    );
  }
  // Where the flow does not start, nothing can be reached: that would say the same once more for each action.
  const reached = ({ Identifier }: FlowAction) => !starts || graph.reachable.has(Identifier);
  return [
    ...findings,
    ...source.Actions.flatMap((action) => [
      ...checkIdentifier(subject, action),
      ...checkTargets(subject, action),
      ...(reached(action) ? [] : [report('No call ever comes to this action.', action)]),
    ]),
  ];
}

function checkIdentifier(subject: AnalyzedFlow, action: FlowAction): Finding[] {
  const { Identifier: id } = action;
  const report = createReporter(subject, 'identifier');
  const twice = subject.source.Actions.find(({ Identifier }) => Identifier === id) !== action;
  return [
    ...(twice ? [report('Another action before it has this identifier.', action)] : []),
    ...(id === '' || id.length > FLOW_LIMITS.identifier || /[%:(\\/)=$,;[\]{}]/.test(id) || FORBIDDEN.has(id)
      ? [
          report(
            `An identifier has 1 to ${FLOW_LIMITS.identifier} characters and none of %:(\\/)=$,;[]{}.`,
            action,
          ),
        ]
      : []),
  ];
}

function checkTargets(subject: AnalyzedFlow, action: FlowAction): Finding[] {
  const report = createReporter(subject, 'targets');
  const model = actionModel(action);
  const { NextAction } = action.Transitions;
  const findings = namedTargets(action)
    .filter((target) => !subject.graph.actions.has(target))
    .map((target) => report(`It leads to ${target}, which does not exist.`, action));
  if (model?.next === 'required' && NextAction === undefined)
    findings.push(report('NextAction is missing.', action));
  if (model?.next === 'none' && namedTargets(action).length > 0) {
    findings.push(report(`${action.Type} ends the flow, so nothing can follow it.`, action));
  }
  if (isTransfer(model) && !isSafeAfter(subject, action)) {
    findings.push(
      report('NextAction must be the target of NoMatchingError, or end the flow and nothing else.', action),
    );
  }
  if (model?.mirrors !== undefined && !targetsOf(action, model.mirrors).includes(NextAction)) {
    findings.push(report(`NextAction must be the target of ${model.mirrors}.`, action));
  }
  return findings;
}

function isTransfer(model: ActionModel | undefined): boolean {
  return model?.ends === 'queue' || model?.ends === 'flow';
}

/** A transfer has ended the flow and goes nowhere after it; but should it ever, then to where a caller is helped. */
function isSafeAfter({ graph }: AnalyzedFlow, action: FlowAction): boolean {
  const { NextAction = '' } = action.Transitions;
  const next = graph.actions.get(NextAction);
  return next?.Type === 'EndFlowExecution' || targetsOf(action, 'NoMatchingError').includes(NextAction);
}

function targetsOf({ Transitions }: FlowAction, name: string): (string | undefined)[] {
  const { Conditions = [], Errors = [] } = Transitions;
  return [
    ...Errors.filter(({ ErrorType }) => ErrorType === name),
    ...Conditions.filter(({ Condition }) => Condition.Operands[0] === name),
  ].map(({ NextAction }) => NextAction);
}
