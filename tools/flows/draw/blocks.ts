import type { Flow, FlowAction } from '@switchboard/core/flows';
import { buildGraph, type FlowEdge, type FlowGraph } from '#tools/flows/model/graph.ts';
import { describeAction, edgeLabel } from './descriptions.ts';

/** One action in a picture. */
export interface Row {
  identifier: string;
  type: string;
  kind: Kind;
  /** The description of the action. */
  lines: string[];
  /** The targets of failures: `error: say-trouble`. */
  errors: string[];
}

/** One box: a sequence of actions without other entries or branches. */
export interface Block {
  /** The identifier of its first action. */
  id: string;
  rows: Row[];
}

export interface Arrow {
  from: string;
  to: string;
  label: string;
  /** Drawn as a dashed line. */
  error: boolean;
}

export interface Picture {
  blocks: Block[];
  arrows: Arrow[];
}

export type Kind = 'say' | 'ask' | 'decide' | 'function' | 'route' | 'set' | 'end';

const KINDS: Record<string, Kind> = {
  MessageParticipant: 'say',
  MessageParticipantIteratively: 'say',
  GetParticipantInput: 'ask',
  Compare: 'decide',
  CheckMetricData: 'decide',
  Loop: 'decide',
  InvokeLambdaFunction: 'function',
  UpdateContactTargetQueue: 'route',
  TransferContactToQueue: 'route',
  DequeueContactAndTransferToQueue: 'route',
  TransferToFlow: 'route',
  DisconnectParticipant: 'end',
  EndFlowExecution: 'end',
};

/**
 * Creates two pictures of a flow: the actions without failures, and the actions that only failures reach. In the first
 * picture, failures and cycles are lines of text in the box. As arrows, they would hide the rest, because most of them
 * lead to the same few sentences.
 */
export function createPictures(flow: Flow): { main: Picture; afterErrors: Picture } {
  const graph = buildGraph(flow);
  const { blocks, blockOf } = blocksOf(flow, graph);
  const start = blockOf.get(graph.start)?.id ?? '';
  const arrows = removeCycles(start, blocks, merged(blocks, arrowsOf(flow, graph, blockOf)));
  const main = reach(start, arrows);
  for (const arrow of arrows.filter(({ from, to }) => main.has(to) && !main.has(from))) {
    addLineToBlock(blocks, arrow, 'then');
  }
  const errors = blocks.filter(({ id }) => !main.has(id));
  return {
    main: part(
      blocks.filter(({ id }) => main.has(id)),
      arrows,
    ),
    afterErrors: part(errors, [...arrows, ...failureArrows(flow, graph, blockOf)]),
  };
}

/** Replaces each arrow that closes a cycle by a line of text in the box. */
function removeCycles(start: string, blocks: Block[], arrows: Arrow[]): Arrow[] {
  const done = new Set<string>();
  const under = new Set<string>();
  const back = new Set<Arrow>();
  const visit = (id: string): void => {
    under.add(id);
    for (const arrow of arrows.filter(({ from }) => from === id)) {
      if (under.has(arrow.to)) back.add(arrow);
      else if (!done.has(arrow.to)) visit(arrow.to);
    }
    under.delete(id);
    done.add(id);
  };
  visit(start);
  for (const arrow of back) addLineToBlock(blocks, arrow, 'back to');
  return arrows.filter((arrow) => !back.has(arrow));
}

function addLineToBlock(blocks: Block[], { from, to, label }: Arrow, how: string): void {
  const row = blocks.find(({ id }) => id === from)?.rows.at(-1);
  row?.lines.push(`${label === '' ? '' : `${label}: `}${how} ${to}`);
}

function part(blocks: Block[], arrows: Arrow[]): Picture {
  const here = new Set(blocks.map(({ id }) => id));
  return { blocks, arrows: arrows.filter(({ from, to }) => here.has(from) && here.has(to)) };
}

function reach(start: string, arrows: Arrow[]): Set<string> {
  const reached = new Set([start]);
  for (const id of reached) {
    for (const { from, to } of arrows) if (from === id) reached.add(to);
  }
  return reached;
}

function blocksOf(flow: Flow, graph: FlowGraph): { blocks: Block[]; blockOf: Map<string, Block> } {
  const sources = sourcesOf(flow, graph);
  const blocks: Block[] = [];
  const blockOf = new Map<string, Block>();
  for (const first of flow.Actions.filter((action) => follows(action, graph, sources) === undefined)) {
    const block: Block = { id: first.Identifier, rows: [] };
    blocks.push(block);
    for (let action: FlowAction | undefined = first; action; action = next(action, graph, sources)) {
      blockOf.set(action.Identifier, block);
      block.rows.push(rowOf(action, graph));
    }
  }
  return { blocks, blockOf };
}

/** Two similar boxes are not merged. */
const MIN_MERGED_BLOCKS = 3;

/**
 * Merges boxes that differ only in their values, such as one for each language, and merges parallel arrows. Removes the
 * merged boxes from the list.
 */
function merged(blocks: Block[], arrows: Arrow[]): Arrow[] {
  const joined = new Map<string, string>();
  const similar = Map.groupBy(
    blocks.filter(({ rows }) => rows.every(({ kind }) => kind === 'set')),
    ({ id, rows }) => {
      const neighbors = arrows.filter(({ from, to }) => from === id || to === id);
      const around = neighbors.map(({ from, to }) => (from === id ? `>${to}` : `<${from}`));
      return JSON.stringify([rows.map(({ type, errors }) => [type, errors]), around]);
    },
  );
  for (const [first, ...others] of [...similar.values()].filter(
    ({ length }) => length >= MIN_MERGED_BLOCKS,
  )) {
    for (const other of others) {
      if (first === undefined) continue;
      joined.set(other.id, first.id);
      blocks.splice(blocks.indexOf(other), 1);
      for (const [at, row] of first.rows.entries()) {
        row.identifier += `, ${other.rows[at]?.identifier}`;
        row.lines.push(...(other.rows[at]?.lines ?? []));
      }
    }
  }
  return oneForEachPair(
    arrows.map((arrow) => ({
      ...arrow,
      from: joined.get(arrow.from) ?? arrow.from,
      to: joined.get(arrow.to) ?? arrow.to,
    })),
  );
}

function oneForEachPair(arrows: Arrow[]): Arrow[] {
  return [...Map.groupBy(arrows, ({ from, to }) => JSON.stringify([from, to])).values()].flatMap((same) => {
    const labels = new Set(same.flatMap(({ label }) => label.split(', ')).filter(Boolean));
    return same.slice(0, 1).map((arrow) => ({ ...arrow, label: [...labels].join(', ') }));
  });
}

function rowOf(action: FlowAction, graph: FlowGraph): Row {
  const { Identifier: identifier, Type: type } = action;
  const failures = failuresOf(action, graph);
  const errors = [...failures].map(([to, ways]) => `${ways.map(edgeLabel).join(' or ')}: ${to}`);
  return { identifier, type, kind: KINDS[type] ?? 'set', lines: describeAction(action), errors };
}

/** The edges that are not failures, by target. */
function successesOf(action: FlowAction, graph: FlowGraph): Map<string, FlowEdge[]> {
  return Map.groupBy(
    graph.edges(action).filter((way) => !isFailure(way)),
    ({ to }) => to,
  );
}

function failuresOf(action: FlowAction, graph: FlowGraph): Map<string, FlowEdge[]> {
  const successes = successesOf(action, graph);
  return Map.groupBy(
    graph.edges(action).filter((way) => isFailure(way) && !successes.has(way.to)),
    ({ to }) => to,
  );
}

/** An unmatched condition and a timeout of an input are not failures. */
function isFailure({ by, error }: FlowEdge): boolean {
  return by === 'error' && error !== 'NoMatchingCondition' && error !== 'InputTimeLimitExceeded';
}

/** The actions that lead to each action. */
function sourcesOf(flow: Flow, graph: FlowGraph): Map<string, Set<string>> {
  const sources = new Map<string, Set<string>>();
  for (const action of flow.Actions) {
    for (const { to } of graph.edges(action)) {
      sources.set(to, (sources.get(to) ?? new Set()).add(action.Identifier));
    }
  }
  return sources;
}

/** The next action in the same box. */
function next(
  action: FlowAction,
  graph: FlowGraph,
  sources: Map<string, Set<string>>,
): FlowAction | undefined {
  const [to, ...others] = successesOf(action, graph).keys();
  if (to === undefined || others.length > 0 || sources.get(to)?.size !== 1) return undefined;
  return to === graph.start ? undefined : graph.actions.get(to);
}

/** The previous action in the same box. */
function follows(
  action: FlowAction,
  graph: FlowGraph,
  sources: Map<string, Set<string>>,
): FlowAction | undefined {
  const [source] = sources.get(action.Identifier) ?? [];
  const before = source === undefined ? undefined : graph.actions.get(source);
  return before && next(before, graph, sources) === action ? before : undefined;
}

function arrowsOf(flow: Flow, graph: FlowGraph, blockOf: Map<string, Block>): Arrow[] {
  const id = (identifier: string) => blockOf.get(identifier)?.id ?? identifier;
  return flow.Actions.flatMap((action) =>
    [...successesOf(action, graph)].flatMap(([to, ways]) =>
      id(to) === id(action.Identifier) && to !== id(to)
        ? []
        : [{ from: id(action.Identifier), to: id(to), label: labelOf(ways), error: false }],
    ),
  );
}

function failureArrows(flow: Flow, graph: FlowGraph, blockOf: Map<string, Block>): Arrow[] {
  const id = (identifier: string) => blockOf.get(identifier)?.id ?? identifier;
  return oneForEachPair(
    flow.Actions.flatMap((action) =>
      [...failuresOf(action, graph)].map(([to, ways]) => ({
        from: id(action.Identifier),
        to: id(to),
        label: labelOf(ways),
        error: true,
      })),
    ),
  );
}

function labelOf(ways: FlowEdge[]): string {
  return [...new Set(ways.map(edgeLabel).filter(Boolean))].join(', ');
}
