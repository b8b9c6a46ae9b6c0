import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import type { RawRecord } from './records.ts';
import { REJECTED_COLUMNS, type Rejection } from './rejected.ts';

/** What a row says, not yet checked against the rules of a contact. */
export interface Row {
  contactId: string;
  body: Record<string, unknown>;
}

/** A row that cannot be read. */
export class RowError extends Error {
  readonly rejection: Rejection;

  constructor(reason: string, column?: string) {
    super(reason);
    this.name = 'RowError';
    this.rejection = { column, reason };
  }
}

/** The file as a whole cannot be read. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Reads a record; and names the column that a field of the contact (`identifiers[2]`) came from. */
export interface RowReader {
  read(record: RawRecord): Row;
  column(field: string): string;
}

const PLAIN = ['contactId', 'firstName', 'lastName', 'language', 'identifiers', 'agentId'];
const JSON_COLUMNS = ['attributes', 'privateAttributes'];
const PREFIXES = { attr_: 'attributes', private_: 'privateAttributes' } as const;
const KNOWN = [...PLAIN, ...JSON_COLUMNS, 'attr_<name>', 'private_<name>'].join(', ');

/**
 * Reads rows of a CSV file.
 *
 * @throws {FileError} when the header is not one of ours. It names places, not values, because a file without
 * a header begins with somebody's data.
 */
export function csvReader(header: RawRecord): RowReader {
  const columns = headerColumns(header);
  return {
    read(record) {
      const cells = csvCells(record);
      if (cells.length !== columns.length) {
        throw new RowError(`The row has ${cells.length} columns, the header ${columns.length}.`);
      }
      return rowFromCells(columns, cells);
    },
    column(field) {
      const [, top = field, name] = /^(\w+)(?:[.[]([^\].]*))?/.exec(field) ?? [];
      const prefix = Object.entries(PREFIXES).find(([, target]) => target === top)?.[0];
      const own = prefix && name !== undefined ? `${prefix}${name}` : top;
      return columns.includes(own) ? own : top;
    },
  };
}

function headerColumns(header: RawRecord): string[] {
  let columns: string[];
  try {
    columns = csvCells(header).map((name) => name.trim());
  } catch {
    throw new FileError(`The header is not a line of CSV. Its columns may be: ${KNOWN}.`);
  }
  for (const [index, name] of columns.entries()) {
    if (!isKnownColumn(name)) {
      throw new FileError(`Column ${index + 1} of the header is not known. The columns may be: ${KNOWN}.`);
    }
    if (columns.indexOf(name) !== index) throw new FileError(`The header has the column ${name} twice.`);
  }
  if (!columns.includes('contactId')) throw new FileError('The header has no column contactId.');
  return columns;
}

function isKnownColumn(name: string): boolean {
  return (
    PLAIN.includes(name) ||
    JSON_COLUMNS.includes(name) ||
    REJECTED_COLUMNS.includes(name) ||
    Object.keys(PREFIXES).some((prefix) => name.startsWith(prefix) && name.length > prefix.length)
  );
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

/** The parser's own messages quote the row. */
const CSV_FAULTS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is opened and never closed.',
  CSV_INVALID_CLOSING_QUOTE:
    'Something follows a closing quote; a quote inside a quoted field is written twice.',
  INVALID_OPENING_QUOTE: 'A quote stands inside a field that is not quoted.',
};

function rowFromCells(columns: string[], cells: string[]): Row {
  const body: Record<string, unknown> = {};
  const maps: Record<string, Record<string, unknown>> = {};
  let contactId = '';
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (cell === '' || REJECTED_COLUMNS.includes(column)) continue;
    if (column === 'contactId') contactId = cell.trim();
    else if (column === 'identifiers') body.identifiers = splitIdentifiers(cell);
    else if (JSON_COLUMNS.includes(column)) maps[column] = { ...jsonCell(column, cell), ...maps[column] };
    else if (PLAIN.includes(column)) body[column] = cell;
    else addAttribute(maps, column, cell);
  }
  if (contactId === '') throw new RowError('The contactId is missing.', 'contactId');
  return { contactId, body: { ...body, ...maps } };
}

/** A column `attr_tier` wins over the key `tier` of a column `attributes`, wherever they stand. */
function addAttribute(maps: Record<string, Record<string, unknown>>, column: string, cell: string): void {
  for (const [prefix, target] of Object.entries(PREFIXES)) {
    if (column.startsWith(prefix)) maps[target] = { ...maps[target], [column.slice(prefix.length)]: cell };
  }
}

/** By `|` where there is one, else by `;`, save the `;ext=` of a telephone number. */
function splitIdentifiers(cell: string): string[] {
  return cell
    .split(cell.includes('|') ? '|' : /;(?!ext=)/i)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function jsonCell(column: string, cell: string): Record<string, unknown> {
  return asObject(parseJson(cell, column), column);
}

/** Reads lines of an NDJSON file: the body of a contact, and its `contactId`. */
export const ndjsonReader: RowReader = {
  read(record) {
    const { rejected: _note, contactId, version: _version, ...body } = asObject(parseJson(textOf(record)));
    if (contactId === undefined || contactId === null || contactId === '') {
      throw new RowError('The contactId is missing.', 'contactId');
    }
    if (typeof contactId !== 'string') throw new RowError('The contactId must be a string.', 'contactId');
    return { contactId, body };
  },
  column: (field) => field,
};

function textOf(record: RawRecord): string {
  if (record.tooLong) throw new RowError('The row is longer than 1 MB.');
  if (!isUtf8(record.bytes)) throw new RowError('The row is not UTF-8.');
  return record.bytes.toString('utf8');
}

function parseJson(text: string, column?: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RowError('This is not JSON.', column);
  }
}

function asObject(value: unknown, column?: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new RowError('This is JSON, but not an object.', column);
}
