import { type FlowAction, type FlowName, SHIPPED_FLOWS } from '@switchboard/core/flows';
import { type CheckedFlow, checkFlows } from '#tools/flows/check/check-flows.ts';

/** A change of one action. */
export type Mutation = (action: FlowAction) => unknown;

/** The shipped flows, with one of them changed. */
export function changed(name: FlowName, change: (flow: CheckedFlow) => void): CheckedFlow[] {
  const flows: CheckedFlow[] = SHIPPED_FLOWS.map((flow) => structuredClone({ ...flow }));
  change(existing(flows.find((flow) => flow.name === name)));
  return flows;
}

/** The findings after one action of a shipped flow is changed: rule and message. */
export function findingsAfter(name: FlowName, id: string, mutate: Mutation): string[] {
  return found(changed(name, ({ source }) => mutate(actionOf(source.Actions, id))));
}

export function found(flows: readonly CheckedFlow[]): string[] {
  return checkFlows(flows).map(({ rule, message }) => `${rule}: ${message}`);
}

export function actionOf(actions: readonly FlowAction[], id: string): FlowAction {
  return existing(actions.find(({ Identifier }) => Identifier === id));
}

function existing<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('No shipped flow has it.');
  return value;
}

/** A sentence that leads to `next` whether it could be played or not. */
export const say = (id: string, text: string, next: string): FlowAction => ({
  Identifier: id,
  Type: 'MessageParticipant',
  Parameters: { Text: text },
  Transitions: { NextAction: next, Errors: [{ ErrorType: 'NoMatchingError', NextAction: next }] },
});

/** Sets parameters; undefined removes one. */
export function set(parameters: object): Mutation {
  return ({ Parameters }) => {
    Object.assign(Parameters, parameters);
    for (const [name, value] of Object.entries(parameters)) if (value === undefined) delete Parameters[name];
  };
}

/** Replaces parts of the transitions. */
export const transitions =
  (parts: object): Mutation =>
  ({ Transitions }) =>
    Object.assign(Transitions, parts);

/** Makes all transitions of an action lead to one target. */
export const leadTo =
  (target: string): Mutation =>
  (action) => {
    action.Transitions = JSON.parse(
      JSON.stringify(action.Transitions).replaceAll(/"NextAction":"[^"]*"/g, `"NextAction":"${target}"`),
    );
  };

export const conditionsTo =
  (target: string): Mutation =>
  ({ Transitions }) => {
    for (const condition of Transitions.Conditions ?? []) condition.NextAction = target;
  };

export const errorsTo =
  (target: string): Mutation =>
  ({ Transitions }) => {
    for (const error of Transitions.Errors ?? []) error.NextAction = target;
  };

export function condition(Operator: string, ...Operands: string[]) {
  return { NextAction: 'tries', Condition: { Operator, Operands } };
}

/** Replaces the first condition of an action. */
export const compare =
  (Operator: string, operand: string): Mutation =>
  ({ Transitions }) => {
    const [first] = Transitions.Conditions ?? [];
    if (first !== undefined) first.Condition = { Operator, Operands: [operand] };
  };
