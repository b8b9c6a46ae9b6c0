import type { FlowAction } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { type ActionModel, FLOW_LIMITS } from '#tools/flows/model/action-model.ts';
import { actionModel } from '#tools/flows/model/actions.ts';
import { namedTargets } from '#tools/flows/model/graph.ts';

/** JavaScript property names, which Connect forbids as identifiers. */
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

/** Each action has a valid identifier and existing targets, and a call can reach it. */
export function checkStructure(subject: AnalyzedFlow): Finding[] {
  const { source, graph } = subject;
  const report = createReporter(subject, 'structure');
  const starts = graph.actions.has(source.StartAction);
  const findings: Finding[] = [];
  if (source.Version !== FLOW_LIMITS.version)
    findings.push(report(`Version must be ${FLOW_LIMITS.version}.`));
  if (!starts)
    findings.push(
      report(`StartAction names ${source.StartAction}, which does not exist. Name an action of this flow.`),
    );
  if (source.Actions.length > FLOW_LIMITS.actions) {
    findings.push(
      report(`The flow has ${source.Actions.length} actions. Connect allows at most ${FLOW_LIMITS.actions}.`),
    );
  }
  // Without a valid start, every action is unreachable. Report that once.
  const reached = ({ Identifier }: FlowAction) => !starts || graph.reachable.has(Identifier);
  return [
    ...findings,
    ...source.Actions.flatMap((action) => [
      ...checkIdentifier(subject, action),
      ...checkTargets(subject, action),
      ...(reached(action) ? [] : [report('No call reaches this action. Remove it, or lead to it.', action)]),
    ]),
  ];
}

function checkIdentifier(subject: AnalyzedFlow, action: FlowAction): Finding[] {
  const { Identifier: id } = action;
  const report = createReporter(subject, 'identifier');
  const twice = subject.source.Actions.find(({ Identifier }) => Identifier === id) !== action;
  return [
    ...(twice ? [report('An earlier action has this identifier. Rename one of them.', action)] : []),
    ...(id === '' || id.length > FLOW_LIMITS.identifier || /[%:(\\/)=$,;[\]{}]/.test(id) || FORBIDDEN.has(id)
      ? [
          report(
            `The identifier is invalid. Use 1 to ${FLOW_LIMITS.identifier} characters without %:(\\/)=$,;[]{}, and no name of a JavaScript property.`,
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
    .map((target) =>
      report(`It leads to ${target}, which does not exist. Name an action of this flow.`, action),
    );
  if (model?.next === 'required' && NextAction === undefined)
    findings.push(report('NextAction is missing. Add it.', action));
  if (model?.next === 'none' && namedTargets(action).length > 0) {
    findings.push(report(`${action.Type} ends the flow. Remove its transitions.`, action));
  }
  if (isTransfer(model) && !isSafeAfter(subject, action)) {
    findings.push(
      report('NextAction must be the target of NoMatchingError, or an EndFlowExecution action.', action),
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

/** Connect does not follow the NextAction of a transfer. If it ever does, the caller must still get help. */
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
