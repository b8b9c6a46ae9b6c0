import { isUtf8 } from 'node:buffer';
import type { Rejection } from '@switchboard/core/platform/jobs/line-import';
import { parse } from 'csv-parse/sync';
import { CommandError } from '#tools/cli/errors.ts';
import type { RawRecord } from './records.ts';
import { REJECTED_COLUMNS } from './rejected-file.ts';

/** A row that cannot be read. */
export class RowError extends Error {
  readonly rejection: Rejection;

  constructor(reason: string, column?: string) {
    super(reason);
    this.name = 'RowError';
    this.rejection = { column, reason };
  }
}

/** The file as a whole cannot be imported. */
export class FileError extends CommandError {
  override readonly name = 'FileError';
}

/** Reads a record, and names the column of a field of the row (`identifiers[2]`). */
export interface RowReader<Row> {
  read(record: RawRecord): Row;
  column(field: string): string;
}

/** Reads the rows of one kind of file. */
export interface RowReaders<Row> {
  /** @throws {FileError} when the header is wrong */
  csv(header: RawRecord): RowReader<Row>;
  ndjson: RowReader<Row>;
  /** Rows with the same key are written one after the other. */
  keyOf(row: Row): string;
}

/**
 * Reads the header of a CSV file. The columns of a file of rejected rows are known, too.
 *
 * @param known whether a column is allowed
 * @param named the allowed columns, for the message
 * @throws {FileError} names positions instead of values, because a file without a header begins with personal data
 */
export function readHeader(
  header: RawRecord,
  known: (column: string) => boolean,
  named: string,
  required: string,
): string[] {
  let columns: string[];
  try {
    columns = csvCells(header).map((name) => name.trim());
  } catch {
    throw new FileError(`The header is not a line of CSV. Its columns may be: ${named}.`);
  }
  for (const [index, name] of columns.entries()) {
    if (!known(name) && !REJECTED_COLUMNS.includes(name)) {
      throw new FileError(`Column ${index + 1} of the header is not known. The columns may be: ${named}.`);
    }
    if (columns.indexOf(name) !== index) throw new FileError(`The header has the column ${name} twice.`);
  }
  if (!columns.includes(required)) throw new FileError(`The header has no column ${required}.`);
  return columns;
}

/**
 * Returns the cells of a row that are not empty, each with its column.
 *
 * @throws {RowError}
 */
export function readCells(columns: string[], record: RawRecord): [column: string, cell: string][] {
  const cells = csvCells(record);
  if (cells.length !== columns.length) {
    throw new RowError(`The row has ${cells.length} columns, the header ${columns.length}.`);
  }
  return columns.flatMap((column, index) => {
    const cell = cells[index] ?? '';
    return cell === '' || REJECTED_COLUMNS.includes(column) ? [] : [[column, cell] as [string, string]];
  });
}

function csvCells(record: RawRecord): string[] {
  const text = textOf(record);
  try {
    const [cells, more] = parse(text, { relax_column_count: true, record_delimiter: '\n' });
    if (!cells || more) throw new RowError('The row is not one row of CSV.');
    return cells;
  } catch (error) {
    if (error instanceof RowError) throw error;
    throw new RowError(CSV_FAULTS[(error as { code?: string }).code ?? ''] ?? 'The row is not CSV.');
  }
}

/** The messages of the parser quote the row. */
const CSV_FAULTS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is opened and never closed.',
  CSV_INVALID_CLOSING_QUOTE: 'Text follows a closing quote. Write a quote inside a quoted field twice.',
  INVALID_OPENING_QUOTE: 'A field that is not quoted contains a quote.',
};

/**
 * Returns the object of a line of NDJSON, without the key `rejected` of a file of rejected rows.
 *
 * @throws {RowError}
 */
export function readObject(record: RawRecord): Record<string, unknown> {
  const { rejected: _note, ...row } = asObject(parseJson(textOf(record)));
  return row;
}

/** @throws {RowError} */
export function parseJson(text: string, column?: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RowError('This is not JSON.', column);
  }
}

/** @throws {RowError} */
export function asObject(value: unknown, column?: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new RowError('This is JSON, but not an object.', column);
}

function textOf(record: RawRecord): string {
  if (record.tooLong) throw new RowError('The row is longer than 1 MB.');
  if (!isUtf8(record.bytes)) throw new RowError('The row is not UTF-8.');
  return record.bytes.toString('utf8');
}
