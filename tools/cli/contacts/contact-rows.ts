import {
  asObject,
  parseJson,
  RowError,
  type RowReader,
  type RowReaders,
  readCells,
  readHeader,
  readObject,
} from '#tools/cli/import/rows.ts';

/** A row as it was read. The rules of a contact are not yet checked. */
export interface ContactRow {
  contactId: string;
  body: Record<string, unknown>;
}

const PLAIN = ['contactId', 'firstName', 'lastName', 'language', 'identifiers', 'agentId'];
const JSON_COLUMNS = ['attributes', 'privateAttributes'];
const PREFIXES = { attr_: 'attributes', private_: 'privateAttributes' } as const;
const KNOWN = [...PLAIN, ...JSON_COLUMNS, 'attr_<name>', 'private_<name>'].join(', ');

/** Reads the rows of a file of contacts. */
export const contactRows: RowReaders<ContactRow> = {
  csv(header) {
    const columns = readHeader(header, isKnownColumn, KNOWN, 'contactId');
    return {
      read: (record) => rowFromCells(readCells(columns, record)),
      column: (field) => columnOf(field, columns),
    };
  },
  ndjson: {
    read(record) {
      const { contactId, version: _version, ...body } = readObject(record);
      if (contactId === undefined || contactId === null || contactId === '') {
        throw new RowError('The contactId is missing.', 'contactId');
      }
      if (typeof contactId !== 'string') throw new RowError('The contactId must be a string.', 'contactId');
      return { contactId, body };
    },
    column: (field) => field,
  } satisfies RowReader<ContactRow>,
  keyOf: ({ contactId }) => contactId,
};

function columnOf(field: string, columns: string[]): string {
  const [, top = field, name] = /^(\w+)(?:[.[]([^\].]*))?/.exec(field) ?? [];
  const prefix = Object.entries(PREFIXES).find(([, target]) => target === top)?.[0];
  const own = prefix && name !== undefined ? `${prefix}${name}` : top;
  return columns.includes(own) ? own : top;
}

function isKnownColumn(name: string): boolean {
  return (
    PLAIN.includes(name) ||
    JSON_COLUMNS.includes(name) ||
    Object.keys(PREFIXES).some((prefix) => name.startsWith(prefix) && name.length > prefix.length)
  );
}

function rowFromCells(cells: [column: string, cell: string][]): ContactRow {
  const body: Record<string, unknown> = {};
  const maps: Record<string, Record<string, unknown>> = {};
  let contactId = '';
  for (const [column, cell] of cells) {
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
