import type { Flow, FlowAction, FlowCondition } from '@switchboard/core/flows';
import { actionModel } from './actions.ts';

/** One way from an action to another, as a call can take it. */
export interface FlowEdge {
  to: string;
  by: 'next' | 'condition' | 'error';
  /** The type of the error. */
  error?: string;
  condition?: FlowCondition['Condition'];
}

export interface FlowGraph {
  start: string;
  actions: ReadonlyMap<string, FlowAction>;
  /** The edges out of an action that lead to an action of this flow. */
  edges(action: FlowAction): FlowEdge[];
  /** The actions that a call can come to. */
  reachable: ReadonlySet<string>;
}

export function buildGraph(flow: Flow): FlowGraph {
  const actions = new Map(flow.Actions.map((action) => [action.Identifier, action]));
  const known = new Map(
    flow.Actions.map((action) => [action, possibleEdges(action).filter(({ to }) => actions.has(to))]),
  );
  const edges = (action: FlowAction) => known.get(action) ?? [];
  return { start: flow.StartAction, actions, edges, reachable: reach(flow.StartAction, actions, edges) };
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
function possibleEdges(action: FlowAction): FlowEdge[] {
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

function reach(start: string, actions: FlowGraph['actions'], edges: FlowGraph['edges']): Set<string> {
  const reached = new Set(actions.has(start) ? [start] : []);
  for (const id of reached) {
    const action = actions.get(id);
    for (const { to } of action ? edges(action) : []) reached.add(to);
  }
  return reached;
}

/** A way that an action takes so many times and not once more. */
export const isLoopEdge = ({ condition }: FlowEdge) => condition?.Operands[0] === 'ContinueLooping';

/** A way that a call takes after it has waited in its queue for a while. */
export const isWaitEdge = ({ condition }: FlowEdge) => condition?.Operands[0] === 'MessagesInterrupted';

/** The actions that a call can come back to over edges that satisfy `on`. */
export function actionsInCycles(
  graph: FlowGraph,
  on: (action: FlowAction, way: FlowEdge) => boolean,
): FlowAction[] {
  return [...graph.actions.values()].filter((from) => {
    const reached = new Set<FlowAction>();
    const open = [from];
    for (let action = open.pop(); action !== undefined; action = open.pop()) {
      for (const way of graph.edges(action)) {
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
 * @param laws `join` puts together what arrives on two edges and `same` says that it has changed nothing; `after` is
 * what is known once an action has been left by one of its edges. For an end, edges can only make states grow (or
 * only shrink).
 */
export function propagate<State>(
  graph: FlowGraph,
  entry: State,
  laws: {
    join(known: State, arriving: State): State;
    same(one: State, other: State): boolean;
    after(action: FlowAction, way: FlowEdge, state: State): State;
  },
): Map<string, State> {
  const states = new Map([[graph.start, entry]]);
  const open = [graph.start];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const action = graph.actions.get(id);
    const state = states.get(id);
    if (action === undefined || state === undefined) continue;
    for (const way of graph.edges(action)) {
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
export const MAY_ANALYSIS = {
  join: (known: ReadonlySet<string>, arriving: ReadonlySet<string>): ReadonlySet<string> =>
    known.union(arriving),
  same: (one: ReadonlySet<string>, other: ReadonlySet<string>) => one.size === other.size,
};

/** Laws for a set of what is certain: it only shrinks. */
export const MUST_ANALYSIS = {
  join: (known: ReadonlySet<string>, arriving: ReadonlySet<string>): ReadonlySet<string> =>
    known.intersection(arriving),
  same: (one: ReadonlySet<string>, other: ReadonlySet<string>) => one.size === other.size,
};
