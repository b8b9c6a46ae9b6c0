/** One measured figure, and the floor that it is compared with. */
export interface Figure {
  name: string;
  /** The figure and its floor, in `unit`. */
  value: number;
  floor: number;
  unit: string;
  /** The goal, as a ratio of value to floor. */
  goal: { atMost: number } | { atLeast: number };
  note?: string;
}

export type Benchmark = () => Promise<Figure[]>;

export function ratio({ value, floor }: Figure): number {
  return floor === 0 ? (value === 0 ? 1 : Number.POSITIVE_INFINITY) : value / floor;
}

export function meetsGoal(figure: Figure): boolean {
  return 'atMost' in figure.goal ? ratio(figure) <= figure.goal.atMost : ratio(figure) >= figure.goal.atLeast;
}

/** Formats the figures as a table. */
export function formatFigures(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${round(figure.value)} ${figure.unit}`,
    `${round(figure.floor)} ${figure.unit}`,
    `${round(ratio(figure))} ×`,
    'atMost' in figure.goal ? `≤ ${figure.goal.atMost} ×` : `≥ ${figure.goal.atLeast} ×`,
    meetsGoal(figure) ? 'met' : 'MISSED',
    figure.note ?? '',
  ]);
  const all = [['figure', 'measured', 'floor', 'ratio', 'goal', '', ''], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Returns the value below which the given share of the samples is. */
export function percentile(samples: number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const round = (value: number) => (Math.abs(value) >= 100 ? Math.round(value).toString() : value.toFixed(2));
