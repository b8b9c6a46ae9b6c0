import { OrderedWindow } from './ordered-window.ts';

/** A place between two lines of a source. */
export interface LinePosition {
  /** In bytes. */
  offset: number;
  line: number;
}

/** One line of a source. A line of CSV can cover several lines of the file. */
export interface SourceLine {
  /** The first line of the file that it covers, from 1. */
  line: number;
  /** The position after it. */
  end: number;
  nextLine: number;
}

/** Why a line is rejected. Neither field holds a value of the line. */
export interface Rejection {
  /** The column of CSV, or the path in a JSON object, if one is wrong. */
  column?: string | undefined;
  reason: string;
}

export interface LineCounts {
  read: number;
  written: number;
  unchanged: number;
  rejected: number;
}

/** All lines before the position are written or rejected. */
export interface LineImportState extends LinePosition {
  counts: LineCounts;
  /** The length of the rejected lines at this position. What follows it is rejected again. */
  rejectedLength: number;
}

export type WriteOutcome = 'written' | 'unchanged';

export interface LineImport<Line extends SourceLine, Row> {
  /** The lines from the position of the state on. */
  lines: AsyncIterable<Line>;
  /** Is changed in place. */
  state: LineImportState;
  parse(line: Line): Row;
  /** Rows with the same key are written one after the other, in the order of the source. */
  keyOf(row: Row): string;
  /** Writes one row. Writing a row twice must change nothing, because a resumed import can repeat it. */
  write(row: Row): Promise<WriteOutcome>;
  /** The rejection that an error of `parse` or `write` means. Any other error ends the import. */
  rejectionOf(error: unknown): Rejection | undefined;
  rejected: {
    readonly length: number;
    add(line: Line, rejection: Rejection): Promise<void>;
    /** Makes what was added durable. */
    flush(): Promise<void>;
  };
  save(state: LineImportState): Promise<void>;
  /** Writes at once. */
  concurrency: number;
  /** Stops reading. Writes that have begun are finished, and the state is saved. */
  signal?: AbortSignal | undefined;
  saveEveryMs?: number | undefined;
  now?: () => number;
  /** Is called after each line, in the order of the source. */
  onLine?: (line: Line, rejection: Rejection | undefined) => void;
}

type Outcome = WriteOutcome | { rejection: Rejection } | { failure: unknown };

const SAVE_EVERY_MS = 1_000;

/**
 * Imports a source line by line, with several writes at once. It can be interrupted at any time: the saved state can
 * lag behind the writes, but it is never ahead of them.
 *
 * @returns `stopped` when the signal ended the import early
 * @throws every error of `write` that is not about its row, after the state is saved
 */
export async function importLines<Line extends SourceLine, Row>(
  options: LineImport<Line, Row>,
): Promise<'done' | 'stopped'> {
  const { state, rejected, signal, saveEveryMs = SAVE_EVERY_MS, now = Date.now } = options;
  let savedAt = now();
  let failure: { cause: unknown } | undefined;

  async function finishLine(line: Line, outcome: Outcome): Promise<void> {
    if (failure) return;
    if (typeof outcome === 'object' && 'failure' in outcome) {
      failure = { cause: outcome.failure };
      return;
    }
    const rejection = typeof outcome === 'object' ? outcome.rejection : undefined;
    if (rejection) await rejected.add(line, rejection);
    state.counts.read += 1;
    state.counts[typeof outcome === 'object' ? 'rejected' : outcome] += 1;
    Object.assign(state, { offset: line.end, line: line.nextLine });
    options.onLine?.(line, rejection);
    if (now() - savedAt > saveEveryMs) {
      await save();
      savedAt = now();
    }
  }

  /** Saves the rejected lines first, because the state says how many of them are durable. */
  async function save(): Promise<void> {
    await rejected.flush();
    state.rejectedLength = rejected.length;
    await options.save(state);
  }

  const window = new OrderedWindow<Line, Outcome>({ concurrency: options.concurrency, onResult: finishLine });
  for await (const line of options.lines) {
    if (failure || signal?.aborted) break;
    const parsed = parseLine(options, line);
    const key = 'row' in parsed ? options.keyOf(parsed.row) : undefined;
    await window.add(key, line, async () => ('row' in parsed ? writeRow(options, parsed.row) : parsed));
  }
  await window.drain();
  await save();
  if (failure) throw failure.cause;
  return signal?.aborted ? 'stopped' : 'done';
}

type Rejecting = Pick<LineImport<SourceLine, never>, 'rejectionOf'>;

function parseLine<Line extends SourceLine, Row>(
  { parse, rejectionOf }: Pick<LineImport<Line, Row>, 'parse'> & Rejecting,
  line: Line,
): { row: Row } | { rejection: Rejection } {
  try {
    return { row: parse(line) };
  } catch (error) {
    const rejection = rejectionOf(error);
    if (rejection) return { rejection };
    throw error;
  }
}

/** Never throws: an error is an outcome, which takes its turn in the order of the source. */
async function writeRow<Row>(
  { write, rejectionOf }: { write: (row: Row) => Promise<WriteOutcome> } & Rejecting,
  row: Row,
): Promise<Outcome> {
  try {
    return await write(row);
  } catch (error) {
    const rejection = rejectionOf(error);
    return rejection ? { rejection } : { failure: error };
  }
}
