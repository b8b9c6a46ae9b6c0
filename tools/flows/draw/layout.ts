import { Graph, layout } from '@dagrejs/dagre';
import type { Arrow, Block, Picture, Row } from './blocks.ts';
import { widthOf, wrap } from './text-layout.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  block: Block;
  /** The upper left corner. */
  x: number;
  y: number;
  width: number;
  height: number;
  rows: RowLayout[];
}

export interface RowLayout {
  row: Row;
  /** Below the upper edge of the box. */
  top: number;
  height: number;
  /** The identifiers, with those of rows that do the same. */
  head: string[];
  lines: { text: string; error: boolean }[];
}

export interface Line {
  arrow: Arrow;
  points: Point[];
  label: { lines: string[]; x: number; y: number } | undefined;
}

export interface PictureLayout {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}

export const BOX_WIDTH = 250;
export const LINE_HEIGHT = 17;
/** The line of the type, below the identifiers. */
export const TYPE_HEIGHT = 15;
export const ROW_PADDING = 6;
const TEXT_WIDTH = BOX_WIDTH - 28;
const LABEL_WIDTH = 110;
const MARGIN = 24;
/** The length of the straight part of an arrow at a box, so that its tip points into the box. */
const STRAIGHT = 12;

/** Computes the layout of a picture from top to bottom. The layout is deterministic. */
export function layoutPicture(picture: Picture): PictureLayout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 28, edgesep: 16, ranksep: 52, marginx: MARGIN, marginy: MARGIN });
  const rows = new Map(picture.blocks.map((block) => [block.id, placeRows(block)]));
  for (const block of picture.blocks) {
    const last = rows.get(block.id)?.at(-1);
    graph.setNode(block.id, { width: BOX_WIDTH, height: (last?.top ?? 0) + (last?.height ?? 0) });
  }
  for (const [at, arrow] of picture.arrows.entries()) {
    const label = wrap(arrow.label, LABEL_WIDTH, 'label');
    graph.setEdge(
      arrow.from,
      arrow.to,
      {
        width: Math.max(0, ...label.map((line) => widthOf(line, 'label') + 8)),
        height: label.length * LINE_HEIGHT,
        labelpos: 'c',
        weight: arrow.error ? 1 : 4,
      },
      `${at}`,
    );
  }
  layout(graph);
  const boxes = picture.blocks.map((block) => {
    const { x, y, width, height } = graph.node(block.id);
    return { block, x: x - width / 2, y: y - height / 2, width, height, rows: rows.get(block.id) ?? [] };
  });
  const lines = picture.arrows.map((arrow, at) => {
    const { points, x, y } = graph.edge(arrow.from, arrow.to, `${at}`);
    const label = wrap(arrow.label, LABEL_WIDTH, 'label');
    return { arrow, points, label: label.length === 0 ? undefined : { lines: label, x, y } };
  });
  const { width, height } = graph.graph();
  return { width: Math.ceil(width), height: Math.ceil(height), boxes, lines: withPorts(boxes, lines) };
}

/**
 * Makes arrows leave a box at the bottom and enter at the top, side by side. Arrows are straight next to taller boxes of
 * the same rank.
 */
function withPorts(boxes: Box[], lines: Line[]): Line[] {
  const port = (id: string, end: 'from' | 'to', line: Line): Point[] => {
    const box = boxes.find(({ block }) => block.id === id);
    if (box === undefined) return [];
    const aside = (one: Line) => (end === 'from' ? one.points[1] : one.points.at(-2))?.x ?? 0;
    const here = lines
      .filter(({ arrow }) => arrow[end] === id)
      .sort((one, other) => aside(one) - aside(other));
    const x = box.x + (box.width * (here.indexOf(line) + 1)) / (here.length + 1);
    const rank = boxes.filter((other) => Math.abs(middle(other) - middle(box)) < 1);
    return end === 'from'
      ? [
          { x, y: box.y + box.height },
          { x, y: Math.max(...rank.map(({ y, height }) => y + height)) + STRAIGHT },
        ]
      : [
          { x, y: Math.min(...rank.map(({ y }) => y)) - STRAIGHT },
          { x, y: box.y },
        ];
  };
  return lines.map((line) => ({
    ...line,
    points: [
      ...port(line.arrow.from, 'from', line),
      ...line.points.slice(1, -1),
      ...port(line.arrow.to, 'to', line),
    ],
  }));
}

const middle = ({ y, height }: Box) => y + height / 2;

function placeRows(block: Block): RowLayout[] {
  let top = 0;
  return block.rows.map((row) => {
    const lines = [
      ...row.lines.flatMap((line) => wrap(line, TEXT_WIDTH, 'text')).map((text) => ({ text, error: false })),
      ...row.errors.flatMap((line) => wrap(line, TEXT_WIDTH, 'text')).map((text) => ({ text, error: true })),
    ];
    const head = wrap(row.identifier, TEXT_WIDTH, 'head');
    const height = ROW_PADDING + (head.length + lines.length) * LINE_HEIGHT + TYPE_HEIGHT + ROW_PADDING;
    const placed = { row, top, height, head, lines };
    top += height;
    return placed;
  });
}
