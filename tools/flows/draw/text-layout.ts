/** Widths of letters relative to the font size. They are generous, because the reader's font is unknown. */
const WIDTHS: readonly [RegExp, number][] = [
  [/[ijl.,:;'’|! ‹›]/, 0.33],
  [/[frtI()\-“”]/, 0.42],
  [/[mwMW…]/, 0.97],
  [/[A-Z]/, 0.72],
];
const OTHERS = 0.62;

export const FONT_SIZES = { text: 13, label: 12, head: 14, type: 11, title: 20 } as const;

/** Estimates the width of a text in pixels. */
export function widthOf(text: string, style: keyof typeof FONT_SIZES): number {
  let width = 0;
  for (const letter of text) width += WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? OTHERS;
  return width * FONT_SIZES[style];
}

/** Wraps a text between words, and splits words that are longer than a line. */
export function wrap(text: string, width: number, style: keyof typeof FONT_SIZES): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer, style) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (widthOf(line, style) > width) {
      let end = line.length - 1;
      while (end > 1 && widthOf(line.slice(0, end), style) > width) end -= 1;
      lines.push(line.slice(0, end));
      line = line.slice(end);
    }
  }
  return line === '' ? lines : [...lines, line];
}
