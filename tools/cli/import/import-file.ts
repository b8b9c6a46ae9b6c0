import { type FileHandle, open } from 'node:fs/promises';
import { SwitchboardError } from '@switchboard/core/platform/errors';
import {
  importLines,
  type LineCounts,
  type LineImportState,
  type LinePosition,
  type Rejection,
  type WriteOutcome,
} from '@switchboard/core/platform/jobs/line-import';
import { removeFile, saveJson } from '#tools/cli/json-file.ts';
import { fingerprint, type ImportIdentity, loadCheckpoint } from './checkpoint.ts';
import { readRecords } from './records.ts';
import { csvRejections, ndjsonRejections, RejectedFile } from './rejected-file.ts';
import { FileError, RowError, type RowReader, type RowReaders } from './rows.ts';

/** Writes one row. Throws a SwitchboardError when the row is wrong. */
export type WriteRow<Row> = (row: Row) => Promise<WriteOutcome>;

export interface FileImport<Row> {
  path: string;
  format: 'csv' | 'ndjson';
  /** Start from the beginning, and ignore the checkpoint. */
  fresh?: boolean;
  /** Writes at once. */
  concurrency: number;
  /** Identifies the table and the settings that decide how a row is stored. A checkpoint of another target is not used. */
  target: string;
  rows: RowReaders<Row>;
  write: WriteRow<Row>;
  /** Stops reading. Writes that have begun are finished, and the checkpoint is saved. */
  signal?: AbortSignal;
  onProgress?: (state: { bytes: number; total: number; counts: LineCounts; resumed: boolean }) => void;
  onRejected?: (line: number, rejection: Rejection) => void;
  checkpointMs?: number;
}

export interface ImportResult extends LineCounts {
  status: 'done' | 'stopped';
  /** Rows that this run read, and the seconds it took. */
  rows: number;
  seconds: number;
  rejectedFile: string;
}

/**
 * Imports a file. Good rows go to the table, and every other row to `<file>.rejected`. The import can be interrupted at
 * any time; the next run resumes from the checkpoint, `<file>.progress`.
 *
 * @throws {FileError} when the file as a whole cannot be imported
 * @throws every error of `write` that is not about its row, after the checkpoint is saved
 */
export async function importFile<Row>(options: FileImport<Row>): Promise<ImportResult> {
  const file = await open(options.path, 'r');
  try {
    return await importOpenFile(file, options);
  } finally {
    await file.close();
  }
}

async function importOpenFile<Row>(file: FileHandle, options: FileImport<Row>): Promise<ImportResult> {
  const started = performance.now();
  const { reader, rejections, body } = await openFormat(file, options);
  const checkpointPath = `${options.path}.progress`;
  const identity = { format: 1, file: await fingerprint(file), target: options.target } as const;
  const saved = options.fresh ? undefined : await loadMatchingCheckpoint(checkpointPath, identity);
  const state = saved ?? newState(body);
  const firstRead = state.counts.read;
  const total = (await file.stat()).size;
  const rejected = new RejectedFile(`${options.path}.rejected`, rejections, file);
  await rejected.open(state.rejectedLength);
  const status = await importLines({
    lines: readRecords(file, { format: options.format, from: { offset: state.offset, line: state.line } }),
    state,
    parse: (record) => reader.read(record),
    keyOf: options.rows.keyOf,
    write: options.write,
    rejectionOf: (error) => rejectionOf(error, reader),
    rejected,
    save: (current) => saveJson(checkpointPath, { ...current, ...identity }),
    concurrency: options.concurrency,
    signal: options.signal,
    saveEveryMs: options.checkpointMs,
    onLine: ({ line, end }, rejection) => {
      if (rejection) options.onRejected?.(line, rejection);
      options.onProgress?.({ bytes: end, total, counts: state.counts, resumed: saved !== undefined });
    },
  }).finally(() => rejected.close());
  if (status === 'done') await removeFile(checkpointPath);
  return {
    ...state.counts,
    status,
    rows: state.counts.read - firstRead,
    seconds: (performance.now() - started) / 1000,
    rejectedFile: rejected.path,
  };
}

async function openFormat<Row>(file: FileHandle, { format, rows }: FileImport<Row>) {
  if (format === 'ndjson') {
    return { reader: rows.ndjson, rejections: ndjsonRejections, body: { offset: 0, line: 1 } };
  }
  for await (const header of readRecords(file, { format })) {
    const body = { offset: header.end, line: header.nextLine };
    return { reader: rows.csv(header), rejections: csvRejections(header.bytes.toString()), body };
  }
  throw new FileError('The file is empty. A CSV file begins with a header.');
}

function newState(body: LinePosition): LineImportState {
  return { ...body, rejectedLength: 0, counts: { read: 0, written: 0, unchanged: 0, rejected: 0 } };
}

/** @throws {FileError} when the checkpoint belongs to another file or target */
async function loadMatchingCheckpoint(
  path: string,
  identity: ImportIdentity,
): Promise<LineImportState | undefined> {
  const saved = await loadCheckpoint(path);
  if (saved && saved.file !== identity.file) {
    throw new FileError(`The file has changed since ${path} was written. Start over with --fresh.`);
  }
  if (saved && saved.target !== identity.target) {
    throw new FileError(
      `${path} belongs to an import into another table or with other settings. Start over with --fresh.`,
    );
  }
  return saved;
}

const ROW_ERRORS = new Set(['InvalidInputError', 'TooLargeError']);

/** Only an error about the row itself is a rejection. Any other error ends the import. */
function rejectionOf(error: unknown, reader: RowReader<unknown>): Rejection | undefined {
  if (error instanceof RowError) return error.rejection;
  if (error instanceof SwitchboardError && ROW_ERRORS.has(error.name)) {
    // The file of rejected rows has the name of the field. On the terminal, it could be any text of a broken export.
    if (error.code === 'UNKNOWN_FIELD') return { column: error.field, reason: 'This field is not known.' };
    return {
      column: error.field === undefined ? undefined : reader.column(error.field),
      reason: error.message,
    };
  }
  if (error instanceof Error && error.name === 'ValidationException') {
    return { reason: 'DynamoDB refused the row (ValidationException).' };
  }
  return undefined;
}
