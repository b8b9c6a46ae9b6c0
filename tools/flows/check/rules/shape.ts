import type { FlowAction, FlowCondition } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { type ConditionModel, OPERATORS } from '#tools/flows/model/action-model.ts';
import { ACTION_TYPES, actionModel } from '#tools/flows/model/actions.ts';
import { parameterFaults } from './parameter-faults.ts';

/** Each action has a supported type, an allowed flow type, and valid parameters, conditions, and errors. */
export function checkShape(subject: AnalyzedFlow): Finding[] {
  return subject.source.Actions.flatMap((action) => checkAction(subject, action));
}

function checkAction(subject: AnalyzedFlow, action: FlowAction): Finding[] {
  const model = actionModel(action);
  if (model === undefined) {
    const known = [...ACTION_TYPES].sort().join(', ');
    return [
      createReporter(subject, 'type')(
        `The type ${action.Type} is not supported. Use one of ${known}.`,
        action,
      ),
    ];
  }
  const report = (rule: string) => (message: string) => createReporter(subject, rule)(message, action);
  const flowType = model.flowTypes.includes(subject.type)
    ? []
    : [`A flow of type ${subject.type} cannot contain ${action.Type}. Use ${model.flowTypes.join(' or ')}.`];
  return [
    ...flowType.map(report('flow-type')),
    ...parameterFaults(action.Parameters, model).map(report('parameters')),
    ...conditionFaults(action.Transitions.Conditions ?? [], model.conditions).map(report('conditions')),
    ...errorFaults(action, model.errors).map(report('errors')),
  ];
}

function conditionFaults(conditions: readonly FlowCondition[], model: ConditionModel): string[] {
  const texts = conditions.map(
    ({ Condition: { Operator, Operands } }) => `${Operator} ${Operands.join(', ')}`,
  );
  const faults = conditions
    .filter(({ Condition: { Operator, Operands } }) => {
      return !OPERATORS.some((known) => known === Operator) || Operands.length !== 1;
    })
    .map(
      ({ Condition: { Operator } }) =>
        `${Operator} is not an operator with one operand. Use one of ${OPERATORS.join(', ')}.`,
    );
  if (new Set(texts).size < texts.length) faults.push('A condition is repeated. Remove the second one.');
  if (model.kind === 'none' && conditions.length > 0)
    faults.push('The action takes no conditions. Remove them.');
  if (model.kind === 'any' && conditions.length === 0)
    faults.push('The action compares with nothing. Add a condition.');
  if (model.kind === 'greater-than-zero' && texts.join() !== 'NumberGreaterThan 0') {
    faults.push('A number of agents supports only the condition NumberGreaterThan 0. Use that one alone.');
  }
  if (model.kind === 'equals') faults.push(...equalsFaults(texts, model));
  return faults;
}

function equalsFaults(texts: string[], { operands, all }: ConditionModel & { kind: 'equals' }): string[] {
  const allowed = operands.map((operand) => `Equals ${operand}`);
  return [
    ...texts
      .filter((text) => !allowed.includes(text))
      .map((text) => `The condition "${text}" is not allowed. Use ${allowed.join(', ')}.`),
    ...(all
      ? allowed
          .filter((text) => !texts.includes(text))
          .map((text) => `The condition "${text}" is missing. Add it.`)
      : []),
  ];
}

function errorFaults({ Transitions: { Errors = [] } }: FlowAction, wanted: readonly string[]): string[] {
  const handled = Errors.map(({ ErrorType }) => ErrorType);
  return [
    ...wanted
      .filter((type) => !handled.includes(type))
      .map((type) => `The error ${type} is not handled. Add a branch for it.`),
    ...handled
      .filter((type) => !wanted.includes(type))
      .map((type) => `The action never has the error ${type}. Remove its branch.`),
    ...(new Set(handled).size < handled.length
      ? ['An error is handled twice. Remove the second branch.']
      : []),
  ];
}
