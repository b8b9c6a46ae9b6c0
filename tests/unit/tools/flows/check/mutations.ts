import { type FlowAction, type FlowName, SHIPPED_FLOWS } from '@switchboard/core/flows';
import { type CheckedFlow, checkFlows } from '#tools/flows/check/check-flows.ts';

/** The shipped flows, with one of them changed. */
export function changed(name: FlowName, change: (flow: CheckedFlow) => void): CheckedFlow[] {
  const flows: CheckedFlow[] = SHIPPED_FLOWS.map((flow) => structuredClone({ ...flow }));
  change(flowNamed(flows, name));
  return flows;
}

/** What the checker says when one action of a shipped flow is changed: rule and message. */
export function findingsAfter(name: FlowName, id: string, change: (action: FlowAction) => void): string[] {
  return found(changed(name, ({ source }) => change(actionOf(source.Actions, id))));
}

export function found(flows: readonly CheckedFlow[]): string[] {
  return checkFlows(flows).map(({ rule, message }) => `${rule}: ${message}`);
}

export function actionOf(actions: readonly FlowAction[], id: string): FlowAction {
  const action = actions.find(({ Identifier }) => Identifier === id);
  if (action === undefined) throw new Error(`There is no action ${id}.`);
  return action;
}

function flowNamed(flows: readonly CheckedFlow[], name: string): CheckedFlow {
  const flow = flows.find((one) => one.name === name);
  if (flow === undefined) throw new Error(`There is no flow ${name}.`);
  return flow;
}

/** A sentence that leads on whether it could be spoken or not. */
export const say = (id: string, text: string, next: string): FlowAction => ({
  Identifier: id,
  Type: 'MessageParticipant',
  Parameters: { Text: text },
  Transitions: { NextAction: next, Errors: [{ ErrorType: 'NoMatchingError', NextAction: next }] },
});

/** Makes an action lead to one place, whatever happens in it. */
export const leadTo = (target: string) => (action: FlowAction) => {
  action.Transitions = JSON.parse(
    JSON.stringify(action.Transitions).replaceAll(/"NextAction":"[^"]*"/g, `"NextAction":"${target}"`),
  );
};

export function condition(Operator: string, ...Operands: string[]) {
  return { NextAction: 'tries', Condition: { Operator, Operands } };
}

export function setCondition({ Transitions }: FlowAction, Operator: string, operand: string): void {
  const [first] = Transitions.Conditions ?? [];
  if (first !== undefined) first.Condition = { Operator, Operands: [operand] };
}
