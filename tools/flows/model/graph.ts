import type { Flow, FlowAction, FlowCondition } from '@switchboard/core/flows';
import { actionModel } from './actions.ts';

/** A transition that a call can take from one action to another. */
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
  /** The actions that a call can reach. */
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

/** All targets that an action names, including those that no call takes. */
export function namedTargets({ Transitions }: FlowAction): string[] {
  const { NextAction, Conditions = [], Errors = [] } = Transitions;
  return [
    ...(NextAction === undefined ? [] : [NextAction]),
    ...[...Conditions, ...Errors].map((edge) => edge.NextAction),
  ];
}

/** NextAction is not an edge if it repeats another target, or if the action ends the flow. */
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

/** A Loop action limits how often a call takes this edge. */
export const isLoopEdge = ({ condition }: FlowEdge) => condition?.Operands[0] === 'ContinueLooping';

/** A call takes this edge after it has waited in its queue. */
export const isWaitEdge = ({ condition }: FlowEdge) => condition?.Operands[0] === 'MessagesInterrupted';

/** The actions that a call can return to through edges that satisfy `on`. */
export function actionsInCycles(
  graph: FlowGraph,
  on: (action: FlowAction, edge: FlowEdge) => boolean,
): FlowAction[] {
  return [...graph.actions.values()].filter((from) => {
    const reached = new Set<FlowAction>();
    const open = [from];
    for (let action = open.pop(); action !== undefined; action = open.pop()) {
      for (const edge of graph.edges(action)) {
        const next = graph.actions.get(edge.to);
        if (next === undefined || reached.has(next) || !on(action, edge)) continue;
        reached.add(next);
        open.push(next);
      }
    }
    return reached.has(from);
  });
}

/**
 * Forward data-flow analysis: the state at each action, propagated from the start until it no longer changes.
 *
 * @param laws `join` combines the states of two edges, `same` compares two states, and `after` is the state when a call
 * leaves an action by an edge. The analysis ends only if states always grow or always shrink.
 */
export function propagate<State>(
  graph: FlowGraph,
  entry: State,
  laws: {
    join(known: State, arriving: State): State;
    same(one: State, other: State): boolean;
    after(action: FlowAction, edge: FlowEdge, state: State): State;
  },
): Map<string, State> {
  const states = new Map([[graph.start, entry]]);
  const open = [graph.start];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const action = graph.actions.get(id);
    const state = states.get(id);
    if (action === undefined || state === undefined) continue;
    for (const edge of graph.edges(action)) {
      const arriving = laws.after(action, edge, state);
      const known = states.get(edge.to);
      const joined = known === undefined ? arriving : laws.join(known, arriving);
      if (known !== undefined && laws.same(known, joined)) continue;
      states.set(edge.to, joined);
      open.push(edge.to);
    }
  }
  return states;
}

/** Laws for facts that hold on at least one path. The set only grows. */
export const MAY_ANALYSIS = {
  join: (known: ReadonlySet<string>, arriving: ReadonlySet<string>): ReadonlySet<string> =>
    known.union(arriving),
  same: (one: ReadonlySet<string>, other: ReadonlySet<string>) => one.size === other.size,
};

/** Laws for facts that hold on every path. The set only shrinks. */
export const MUST_ANALYSIS = {
  join: (known: ReadonlySet<string>, arriving: ReadonlySet<string>): ReadonlySet<string> =>
    known.intersection(arriving),
  same: (one: ReadonlySet<string>, other: ReadonlySet<string>) => one.size === other.size,
};
