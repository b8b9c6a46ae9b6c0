import type { Flow, FlowAction, FlowCondition } from '@switchboard/core/flows';
import { actionModel } from './actions.ts';

/** One way from an action to another, as a call can take it. */
export interface Way {
  to: string;
  by: 'next' | 'condition' | 'error';
  /** The type of the error. */
  error?: string;
  condition?: FlowCondition['Condition'];
}

export interface Graph {
  start: string;
  actions: ReadonlyMap<string, FlowAction>;
  /** The ways out of an action that lead to an action of this flow. */
  ways(action: FlowAction): Way[];
  /** The actions that a call can come to. */
  reachable: ReadonlySet<string>;
}

export function graphOf(flow: Flow): Graph {
  const actions = new Map(flow.Actions.map((action) => [action.Identifier, action]));
  const known = new Map(
    flow.Actions.map((action) => [action, possibleWays(action).filter(({ to }) => actions.has(to))]),
  );
  const ways = (action: FlowAction) => known.get(action) ?? [];
  return { start: flow.StartAction, actions, ways, reachable: reach(flow.StartAction, actions, ways) };
}

/** All that an action names as its next, whether a call can go there or not. */
export function namedTargets({ Transitions }: FlowAction): string[] {
  const { NextAction, Conditions = [], Errors = [] } = Transitions;
  return [
    ...(NextAction === undefined ? [] : [NextAction]),
    ...[...Conditions, ...Errors].map((way) => way.NextAction),
  ];
}

/** A NextAction is no way of its own where it repeats another, or where success has ended the flow. */
function possibleWays(action: FlowAction): Way[] {
  const { NextAction, Conditions = [], Errors = [] } = action.Transitions;
  const model = actionModel(action);
  const next = NextAction !== undefined && model?.mirrors === undefined && model?.ends === undefined;
  return [
    ...(next ? [{ to: NextAction, by: 'next' as const }] : []),
    ...Conditions.map(({ NextAction: to, Condition }) => ({
      to,
      by: 'condition' as const,
      condition: Condition,
    })),
    ...Errors.map(({ NextAction: to, ErrorType }) => ({ to, by: 'error' as const, error: ErrorType })),
  ];
}

function reach(start: string, actions: Graph['actions'], ways: Graph['ways']): Set<string> {
  const reached = new Set(actions.has(start) ? [start] : []);
  for (const id of reached) {
    const action = actions.get(id);
    for (const { to } of action ? ways(action) : []) reached.add(to);
  }
  return reached;
}

/** A way that an action takes so many times and not once more. */
export const counts = ({ condition }: Way) => condition?.Operands[0] === 'ContinueLooping';

/** A way that a call takes after it has waited in its queue for a while. */
export const waits = ({ condition }: Way) => condition?.Operands[0] === 'MessagesInterrupted';

/** The actions that a call can come back to over ways that satisfy `on`. */
export function returning(graph: Graph, on: (action: FlowAction, way: Way) => boolean): FlowAction[] {
  return [...graph.actions.values()].filter((from) => {
    const reached = new Set<FlowAction>();
    const open = [from];
    for (let action = open.pop(); action !== undefined; action = open.pop()) {
      for (const way of graph.ways(action)) {
        const next = graph.actions.get(way.to);
        if (next === undefined || reached.has(next) || !on(action, way)) continue;
        reached.add(next);
        open.push(next);
      }
    }
    return reached.has(from);
  });
}

/**
 * What is known at each action, worked out forwards from the start until nothing changes any more.
 *
 * @param laws `join` puts together what arrives on two ways and `same` says that it has changed nothing; `after` is
 * what is known once an action has been left by one of its ways. For an end, ways can only make states grow (or
 * only shrink).
 */
export function forward<State>(
  graph: Graph,
  entry: State,
  laws: {
    join(known: State, arriving: State): State;
    same(one: State, other: State): boolean;
    after(action: FlowAction, way: Way, state: State): State;
  },
): Map<string, State> {
  const states = new Map([[graph.start, entry]]);
  const open = [graph.start];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const action = graph.actions.get(id);
    const state = states.get(id);
    if (action === undefined || state === undefined) continue;
    for (const way of graph.ways(action)) {
      const arriving = laws.after(action, way, state);
      const known = states.get(way.to);
      const joined = known === undefined ? arriving : laws.join(known, arriving);
      if (known !== undefined && laws.same(known, joined)) continue;
      states.set(way.to, joined);
      open.push(way.to);
    }
  }
  return states;
}

/** Laws for a set of what may be: it only grows. */
export const MAY_BE = {
  join: (known: ReadonlySet<string>, arriving: ReadonlySet<string>): ReadonlySet<string> =>
    known.union(arriving),
  same: (one: ReadonlySet<string>, other: ReadonlySet<string>) => one.size === other.size,
};

/** Laws for a set of what is certain: it only shrinks. */
export const IS_CERTAIN = {
  join: (known: ReadonlySet<string>, arriving: ReadonlySet<string>): ReadonlySet<string> =>
    known.intersection(arriving),
  same: (one: ReadonlySet<string>, other: ReadonlySet<string>) => one.size === other.size,
};
