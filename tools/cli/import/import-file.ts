import { type FileHandle, open } from 'node:fs/promises';
import { SwitchboardError } from '@switchboard/core/platform/errors';
import { removeFile, saveJson } from '#tools/cli/json-file.ts';
import { type Checkpoint, type Counts, fingerprint, loadCheckpoint } from './checkpoint.ts';
import { OrderedWindow } from './ordered-window.ts';
import { type RawRecord, readRecords } from './records.ts';
import { csvRejections, ndjsonRejections, RejectedFile, type Rejection } from './rejected-file.ts';
import { FileError, RowError, type RowReader, type RowReaders } from './rows.ts';

/** Puts one row into the table; throws a SwitchboardError when the row is wrong. */
export type WriteRow<Row> = (row: Row) => Promise<'written' | 'unchanged'>;

export interface FileImport<Row> {
  path: string;
  format: 'csv' | 'ndjson';
  /** Forget a checkpoint and start at the top. */
  fresh?: boolean;
  /** Writes at once. */
  concurrency: number;
  /** The table and all else that says what a row becomes: a checkpoint for another one is not used. */
  target: string;
  rows: RowReaders<Row>;
  write: WriteRow<Row>;
  /** Stops reading; what is under way is finished and the checkpoint saved. */
  signal?: AbortSignal;
  onProgress?: (state: { bytes: number; total: number; counts: Counts; resumed: boolean }) => void;
  onRejected?: (line: number, rejection: Rejection) => void;
  checkpointMs?: number;
}

export interface ImportResult extends Counts {
  status: 'done' | 'stopped';
  /** Rows read by this run alone, and the seconds it took. */
  rows: number;
  seconds: number;
  rejectedFile: string;
}

type Outcome = 'written' | 'unchanged' | { rejection: Rejection } | { failure: unknown };

/**
 * Imports a file: every good row goes to the table, every other one to `<file>.rejected`. It can be killed at
 * any time; started again it goes on from its checkpoint, `<file>.progress`. Writing a row twice changes
 * nothing, so the checkpoint may lag behind, but it never runs ahead.
 *
 * @throws {FileError} when the file cannot be read at all
 * @throws what `write` throws that is not about the row; the checkpoint is then saved
 */
export async function importFile<Row>(options: FileImport<Row>): Promise<ImportResult> {
  const file = await open(options.path, 'r');
  try {
    const { reader, rejections, body } = await openFormat(file, options);
    const rejected = new RejectedFile(`${options.path}.rejected`, rejections, file);
    const job = await startJob(file, options, rejected, body);
    return await runJob(file, options, job, reader, rejected);
  } finally {
    await file.close();
  }
}

/** What is true of all rows before `checkpoint.offset`, and what the checkpoint will say next. */
interface Job {
  checkpoint: Checkpoint;
  path: string;
  total: number;
  resumed: boolean;
  firstRead: number;
}

async function openFormat<Row>(file: FileHandle, { format, rows }: FileImport<Row>) {
  if (format === 'ndjson') {
    return { reader: rows.ndjson, rejections: ndjsonRejections, body: { offset: 0, line: 1 } };
  }
  for await (const header of readRecords(file, { format })) {
    const body = { offset: header.end, line: header.nextLine };
    return { reader: rows.csv(header), rejections: csvRejections(header.bytes.toString()), body };
  }
  throw new FileError('The file is empty; a CSV file begins with a header.');
}

async function startJob<Row>(
  file: FileHandle,
  options: FileImport<Row>,
  rejected: RejectedFile,
  body: { offset: number; line: number },
): Promise<Job> {
  const path = `${options.path}.progress`;
  const known = { file: await fingerprint(file), target: options.target };
  const saved = options.fresh ? undefined : await loadCheckpoint(path);
  if (saved && saved.file !== known.file) {
    throw new FileError(`The file has changed since ${path} was written. Start over with --fresh.`);
  }
  if (saved && saved.target !== known.target) {
    throw new FileError(
      `${path} belongs to an import into another table or with other settings. Start over with --fresh.`,
    );
  }
  const counts = { read: 0, written: 0, unchanged: 0, rejected: 0 };
  const checkpoint = saved ?? { format: 1, ...known, ...body, rejectedLength: 0, counts };
  await rejected.open(checkpoint.rejectedLength);
  const total = (await file.stat()).size;
  return { checkpoint, path, total, resumed: saved !== undefined, firstRead: checkpoint.counts.read };
}

async function runJob<Row>(
  file: FileHandle,
  options: FileImport<Row>,
  job: Job,
  reader: RowReader<Row>,
  rejected: RejectedFile,
): Promise<ImportResult> {
  const { checkpoint } = job;
  const started = performance.now();
  let saved = started;
  let failure: { cause: unknown } | undefined;

  async function take(record: RawRecord, outcome: Outcome): Promise<void> {
    if (failure) return;
    if (typeof outcome === 'object' && 'failure' in outcome) {
      failure = { cause: outcome.failure };
      return;
    }
    await settleRow(checkpoint, record, outcome, rejected);
    if (typeof outcome === 'object') options.onRejected?.(record.line, outcome.rejection);
    options.onProgress?.({ ...job, bytes: checkpoint.offset, counts: checkpoint.counts });
    if (performance.now() - saved > (options.checkpointMs ?? 1000)) {
      await save();
      saved = performance.now();
    }
  }

  /** The rejected rows first: the checkpoint says how many of them are safe. */
  async function save(): Promise<void> {
    await rejected.flush();
    await saveJson(job.path, { ...checkpoint, rejectedLength: rejected.length });
  }

  const window = new OrderedWindow<RawRecord, Outcome>({ concurrency: options.concurrency, take });
  for await (const record of readRecords(file, { format: options.format, from: { ...checkpoint } })) {
    if (failure || options.signal?.aborted) break;
    const read = readRow(reader, record);
    const key = 'row' in read ? options.rows.keyOf(read.row) : undefined;
    await window.add(key, record, () => writeRow(options.write, reader, read));
  }
  await window.drain();
  await save();
  await rejected.close();
  if (failure) throw failure.cause;
  const status = options.signal?.aborted ? 'stopped' : 'done';
  if (status === 'done') await removeFile(job.path);
  return {
    ...checkpoint.counts,
    status,
    rows: checkpoint.counts.read - job.firstRead,
    seconds: (performance.now() - started) / 1000,
    rejectedFile: rejected.path,
  };
}

async function settleRow(
  checkpoint: Checkpoint,
  record: RawRecord,
  outcome: Exclude<Outcome, { failure: unknown }>,
  rejected: RejectedFile,
): Promise<void> {
  if (typeof outcome === 'object') await rejected.add(record, outcome.rejection);
  checkpoint.counts.read++;
  checkpoint.counts[typeof outcome === 'object' ? 'rejected' : outcome]++;
  checkpoint.offset = record.end;
  checkpoint.line = record.nextLine;
}

type ReadRow<Row> = { row: Row } | { rejection: Rejection };

function readRow<Row>(reader: RowReader<Row>, record: RawRecord): ReadRow<Row> {
  try {
    return { row: reader.read(record) };
  } catch (error) {
    if (error instanceof RowError) return { rejection: error.rejection };
    throw error;
  }
}

/** Never rejects: what went wrong is an outcome, to be taken in the order of the file. */
async function writeRow<Row>(
  write: WriteRow<Row>,
  reader: RowReader<Row>,
  read: ReadRow<Row>,
): Promise<Outcome> {
  if ('rejection' in read) return read;
  try {
    return await write(read.row);
  } catch (error) {
    const rejection = rejectionOf(error, reader);
    return rejection ? { rejection } : { failure: error };
  }
}

/** Only what is wrong with the row itself; anything else ends the import. */
function rejectionOf(error: unknown, reader: RowReader<unknown>): Rejection | undefined {
  if (error instanceof SwitchboardError && ROW_FAULTS.has(error.name)) {
    // Its name stands in the file; in the terminal it could be anything that a broken export put there.
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

const ROW_FAULTS = new Set(['InvalidInputError', 'TooLargeError']);
