import type { Flow, FlowAction } from './flow-types.ts';

interface Position {
  x: number;
  y: number;
}

/** The `Metadata` of a flow, for the console. It has no effect on calls. */
export interface FlowMetadata {
  entryPointPosition: Position;
  ActionMetadata: Record<string, { position: Position }>;
}

/** Enough space for the blocks of the console and the lines between them. */
const COLUMN_WIDTH = 300;
const ROW_HEIGHT = 220;

/**
 * Computes where the console draws the actions of a flow: one column for each step from the start, in the order in which
 * a call reaches them. Without it, all blocks lie on top of each other. The names are those that the console writes.
 */
export function computeLayout({ StartAction, Actions }: Flow): FlowMetadata {
  const actions = new Map(Actions.map((action) => [action.Identifier, action]));
  const placed: Record<string, { position: Position }> = {};
  const seen = new Set([StartAction]);
  let column = [StartAction];
  for (let x = COLUMN_WIDTH; column.length > 0; x += COLUMN_WIDTH) {
    const following = new Set<string>();
    for (const [row, id] of column.entries()) {
      placed[id] = { position: { x, y: row * ROW_HEIGHT } };
      for (const next of nextActionsOf(actions.get(id))) if (!seen.has(next)) following.add(next);
    }
    for (const id of following) seen.add(id);
    column = [...following];
  }
  return { entryPointPosition: { x: 0, y: 0 }, ActionMetadata: placed };
}

function nextActionsOf(action: FlowAction | undefined): string[] {
  const { NextAction, Conditions = [], Errors = [] } = action?.Transitions ?? {};
  const branches = [...Conditions, ...Errors].map((branch) => branch.NextAction);
  return NextAction === undefined ? branches : [...branches, NextAction];
}
