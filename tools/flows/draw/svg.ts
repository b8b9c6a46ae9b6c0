import {
  BOX_WIDTH,
  type Box,
  LINE_HEIGHT,
  type Line,
  type PictureLayout,
  type Point,
  ROW_PADDING,
  type RowLayout,
  TYPE_HEIGHT,
} from './layout.ts';
import { FONT_SIZES, widthOf } from './text-layout.ts';

/** Colors for light and dark mode. The fonts are those of the system. */
const STYLE = `
svg { color-scheme: light dark; font-family: ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.page { fill: #ffffff; } .ink { fill: #1b1f24; } .faint { fill: #59636e; } .fail { fill: #8a5a2b; }
.box { fill: #ffffff; stroke: #7d8590; stroke-width: 1.2; } .rule { stroke: #d1d9e0; }
.line { fill: none; stroke: #59636e; stroke-width: 1.5; } .line.error { stroke: #b08656; stroke-dasharray: 5 4; }
.tip { fill: #59636e; } .plate { fill: #ffffff; fill-opacity: .92; }
.say { fill: #1a7f37; } .ask { fill: #8250df; } .decide { fill: #9a6700; } .function { fill: #bc4c00; }
.route { fill: #0969da; } .set { fill: #818b98; } .end { fill: #cf222e; }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117; } .ink { fill: #f0f6fc; } .faint { fill: #9198a1; } .fail { fill: #d4a72c; }
.box { fill: #151b23; stroke: #656c76; } .rule { stroke: #3d444d; }
.line { stroke: #9198a1; } .line.error { stroke: #9e7a3c; } .tip { fill: #9198a1; } .plate { fill: #0d1117; }
.say { fill: #3fb950; } .ask { fill: #ab7df8; } .decide { fill: #d29922; } .function { fill: #f0883e; }
.route { fill: #4493f8; } .set { fill: #656c76; } .end { fill: #f85149; }
}`;

const TITLE_HEIGHT = 64;
const HEADING_HEIGHT = 34;
const MIN_WIDTH = 700;

/** One part of a picture, with a heading. */
export interface Part {
  heading: string;
  placed: PictureLayout;
}

/** Renders a picture as SVG without scripts or external resources. The output is deterministic. */
export function renderSvg(title: string, description: string, parts: Part[]): string {
  const shown = parts.filter(({ placed }) => placed.boxes.length > 0);
  const wide = Math.max(MIN_WIDTH, ...shown.map(({ placed }) => placed.width));
  let tall = TITLE_HEIGHT;
  const drawn = shown.map(({ heading, placed }) => {
    const top = tall;
    tall += placed.height + (heading === '' ? 0 : HEADING_HEIGHT);
    return part(heading, placed, top, wide);
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${tall}" width="${wide}" height="${tall}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE}\n</style>`,
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="tip" d="M0 0 10 5 0 10z"/></marker></defs>',
    `<rect class="page" width="${wide}" height="${tall}"/>`,
    write(24, 34, title, 'ink', FONT_SIZES.title, 'font-weight="600"'),
    write(24, 56, description, 'faint', FONT_SIZES.text),
    ...drawn,
    '</svg>',
  ].join('\n')}\n`;
}

function part(heading: string, { width, boxes, lines }: PictureLayout, top: number, wide: number): string {
  const below = top + (heading === '' ? 0 : HEADING_HEIGHT);
  return [
    heading === '' ? '' : `<line class="rule" x1="24" x2="${wide - 24}" y1="${top}" y2="${top}"/>`,
    heading === '' ? '' : write(24, top + 30, heading, 'ink', FONT_SIZES.head, 'font-weight="600"'),
    `<g transform="translate(${number((wide - width) / 2)} ${below})">`,
    ...lines.map(line),
    ...boxes.map(box),
    // Labels come last, so that no box hides them.
    ...lines.map(label),
    '</g>',
  ]
    .filter(Boolean)
    .join('\n');
}

function box({ x, y, width, height, rows }: Box): string {
  return [
    `<g transform="translate(${number(x)} ${number(y)})">`,
    `<rect class="box" width="${width}" height="${number(height)}" rx="8"/>`,
    ...rows.map(row),
    '</g>',
  ].join('\n');
}

function row({ row: { type, kind }, top, height, head, lines }: RowLayout, at: number): string {
  const first = top + ROW_PADDING;
  const below = first + head.length * LINE_HEIGHT;
  return [
    at === 0 ? '' : `<line class="rule" x1="1" x2="${BOX_WIDTH - 1}" y1="${top}" y2="${top}"/>`,
    `<rect class="${kind}" x="6" y="${top + 6}" width="5" height="${height - 12}" rx="2.5"/>`,
    ...head.map((text, index) =>
      write(18, first + (index + 0.8) * LINE_HEIGHT, text, 'ink', FONT_SIZES.head, 'font-weight="600"'),
    ),
    write(18, below + TYPE_HEIGHT * 0.75, type, 'faint', FONT_SIZES.type),
    ...lines.map(({ text, error }, index) => {
      const y = below + TYPE_HEIGHT + (index + 0.75) * LINE_HEIGHT;
      const style = error ? 'font-style="italic"' : '';
      return write(18, y, text, error ? 'fail' : 'ink', FONT_SIZES.text, style);
    }),
  ]
    .filter(Boolean)
    .join('\n');
}

function line({ arrow, points }: Line): string {
  return `<path class="line${arrow.error ? ' error' : ''}" d="${curve(points)}" marker-end="url(#tip)"/>`;
}

/** Draws a curve through the points. */
function curve([first, ...rest]: Point[]): string {
  if (first === undefined) return '';
  const parts = [`M${at(first)}`];
  for (const [index, point] of rest.entries()) {
    const following = rest[index + 1];
    if (following === undefined) parts.push(`L${at(point)}`);
    else
      parts.push(`Q${at(point)} ${at({ x: (point.x + following.x) / 2, y: (point.y + following.y) / 2 })}`);
  }
  return parts.join('');
}

function label({ label: found }: Line): string {
  if (found === undefined) return '';
  const { lines, x, y } = found;
  const width = Math.max(...lines.map((text) => widthOf(text, 'label'))) + 8;
  const height = lines.length * LINE_HEIGHT;
  return [
    `<rect class="plate" x="${number(x - width / 2)}" y="${number(y - height / 2)}" width="${number(width)}" height="${height}" rx="3"/>`,
    ...lines.map((text, index) =>
      write(
        x,
        y - height / 2 + (index + 0.75) * LINE_HEIGHT,
        text,
        'ink',
        FONT_SIZES.label,
        'text-anchor="middle"',
      ),
    ),
  ].join('\n');
}

function write(x: number, y: number, text: string, style: string, size: number, more = ''): string {
  const attributes = `class="${style}" x="${number(x)}" y="${number(y)}" font-size="${size}"`;
  return `<text ${attributes}${more === '' ? '' : ` ${more}`}>${escaped(text)}</text>`;
}

const at = ({ x, y }: Point) => `${number(x)} ${number(y)}`;
/** Rounds to a tenth of a pixel, so that the output is the same on every system. */
const number = (value: number) => String(Math.round(value * 10) / 10);

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
