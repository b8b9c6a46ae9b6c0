import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { NO_INPUT } from '#tools/flows/model/action-model.ts';

/** After a question for several keys, the flow handles a caller who presses none: Connect raises no error for that. */
export function checkInput(subject: AnalyzedFlow): Finding[] {
  const report = createReporter(subject, 'no-key');
  return subject.source.Actions.filter(({ Parameters }) => Parameters.StoreInput === 'True').flatMap(
    (action) => {
      const next = subject.graph.actions.get(action.Transitions.NextAction ?? '');
      const compares =
        next?.Parameters.ComparisonValue === '$.StoredCustomerInput' &&
        next.Transitions.Conditions?.some(({ Condition }) => Condition.Operands[0] === NO_INPUT);
      return compares
        ? []
        : [report(`The next action must compare $.StoredCustomerInput with ${NO_INPUT}.`, action)];
    },
  );
}
