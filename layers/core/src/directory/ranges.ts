import { InvalidInputError } from '#core/platform/errors.ts';

/** A larger pool would make seeding and counting take minutes. */
export const MAX_POOL_SIZE = 1_000_000;

/** Numbers of one length, both ends included. `digits` keeps the leading zeros. */
interface Range {
  digits: number;
  first: number;
  last: number;
}

/** The extensions of a pool. Leading zeros count: `0042` and `42` are different extensions. */
export interface Ranges {
  /** The ranges in order and merged, so that two spellings of the same extensions have the same text. */
  text: string;
  count: number;
  includes(number: string): boolean;
  /** All of them in order, without the first `skip`. */
  numbers(skip?: number): Generator<string, void, void>;
  /** The extensions in both. */
  intersect(other: Ranges): Ranges;
}

/**
 * Reads ranges of extensions: `1000-4999` or `0100-0199, 1000-4999`.
 *
 * @throws {InvalidInputError} `INVALID_RANGE`, with every fault in the text
 */
export function parseRanges(text: string): Ranges {
  const faults: string[] = [];
  const ranges = text.split(',').flatMap((part) => {
    const range = parseRange(part.trim());
    if (typeof range !== 'string') return [range];
    faults.push(range);
    return [];
  });
  faults.push(...findOverlaps(ranges));
  const count = countNumbers(ranges);
  if (count > MAX_POOL_SIZE) faults.push(`${count} extensions are more than the ${MAX_POOL_SIZE} allowed`);
  if (faults.length > 0) {
    throw new InvalidInputError('INVALID_RANGE', `The extension range is invalid: ${faults.join('; ')}.`, {
      field: 'EXTENSION_RANGE',
    });
  }
  return createRanges(ranges);
}

/** The ranges of an empty pool. */
export const EMPTY_RANGES = createRanges([]);

function parseRange(part: string): Range | string {
  const shown = part.length > 40 ? `${part.slice(0, 40)}…` : part;
  const match = /^(\d+)\s*-\s*(\d+)$/.exec(part);
  const [, first = '', last = ''] = match ?? [];
  if (!match) return `"${shown}" is not a range; write it as 1000-4999`;
  if (first.length !== last.length) {
    return `${shown} has ends of different lengths; leading zeros count${suggestLength(first, last)}`;
  }
  if (first.length < 2 || first.length > 9) return `${shown} must have 2 to 9 digits at each end`;
  if (Number(first) > Number(last)) return `${shown} runs backwards; write ${last}-${first}`;
  return { digits: first.length, first: Number(first), last: Number(last) };
}

/** The shorter end may lack leading zeros. Any other intent cannot be guessed. */
function suggestLength(first: string, last: string): string {
  const padded = first.padStart(last.length, '0');
  if (last.length > 9 || padded.length > last.length) return ', so give both ends as many digits';
  return `, so write ${padded}-${last}, or give both ends as many digits`;
}

function findOverlaps(ranges: Range[]): string[] {
  return ranges.flatMap((range, position) =>
    ranges
      .slice(position + 1)
      .filter((other) => intersectRanges(range, other) !== undefined)
      .map((other) => `${formatRange(range)} and ${formatRange(other)} overlap`),
  );
}

function createRanges(unordered: Range[]): Ranges {
  const ranges = mergeRanges(unordered);
  return {
    text: ranges.map(formatRange).join(','),
    count: countNumbers(ranges),
    includes(number) {
      if (!/^\d{2,9}$/.test(number)) return false;
      const value = Number(number);
      return ranges.some(
        ({ digits, first, last }) => digits === number.length && first <= value && value <= last,
      );
    },
    *numbers(skip = 0) {
      let left = skip;
      for (const { digits, first, last } of ranges) {
        const start = first + Math.min(left, last - first + 1);
        left -= start - first;
        for (let value = start; value <= last; value += 1) yield String(value).padStart(digits, '0');
      }
    },
    intersect(other) {
      const others = other.text === '' ? [] : other.text.split(',').map(parseRange);
      const common = others.flatMap((range) =>
        typeof range === 'string' ? [] : ranges.flatMap((own) => intersectRanges(own, range) ?? []),
      );
      return createRanges(common);
    },
  };
}

function intersectRanges(a: Range, b: Range): Range | undefined {
  const first = Math.max(a.first, b.first);
  const last = Math.min(a.last, b.last);
  return a.digits === b.digits && first <= last ? { digits: a.digits, first, last } : undefined;
}

/** Sorts ranges and merges adjacent ones. */
function mergeRanges(ranges: Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.digits - b.digits || a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous?.digits === range.digits && previous.last + 1 === range.first) {
      merged[merged.length - 1] = { ...previous, last: range.last };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

function countNumbers(ranges: Range[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

function formatRange({ digits, first, last }: Range): string {
  return `${String(first).padStart(digits, '0')}-${String(last).padStart(digits, '0')}`;
}
