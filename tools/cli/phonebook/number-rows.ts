import { RowError, type RowReaders, readCells, readHeader, readObject } from '#tools/cli/import/rows.ts';

/** A row as it was read. The number is not yet parsed. */
export interface NumberRow {
  phoneNumber: string;
  sms?: boolean;
  country?: string;
  type?: string;
}

const COLUMNS = ['phoneNumber', 'sms', 'country', 'type'];
const KNOWN = COLUMNS.join(', ');

/** Reads the rows of a file of direct numbers. */
export const numberRows: RowReaders<NumberRow> = {
  csv(header) {
    const columns = readHeader(header, (name) => COLUMNS.includes(name), KNOWN, 'phoneNumber');
    return {
      read: (record) => toRow(Object.fromEntries(readCells(columns, record))),
      column: (field) => field,
    };
  },
  ndjson: {
    read(record) {
      const object = readObject(record);
      const unknown = Object.keys(object).filter((name) => !COLUMNS.includes(name));
      if (unknown.length > 0) throw new RowError(`The fields may be: ${KNOWN}.`);
      return toRow(object);
    },
    column: (field) => field,
  },
  keyOf: ({ phoneNumber }) => phoneNumber.replace(/\D/g, ''),
};

function toRow({ sms, ...fields }: Record<string, unknown>): NumberRow {
  const phoneNumber = textIn(fields, 'phoneNumber');
  if (phoneNumber === undefined) throw new RowError('The phoneNumber is missing.', 'phoneNumber');
  const country = textIn(fields, 'country');
  const type = textIn(fields, 'type');
  return {
    phoneNumber,
    ...(sms === undefined || sms === null ? {} : { sms: readYesNo(sms) }),
    ...(country === undefined ? {} : { country: country.toUpperCase() }),
    ...(type === undefined ? {} : { type: readType(type) }),
  };
}

function textIn(fields: Record<string, unknown>, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new RowError(`The ${name} must be a string.`, name);
  return value.trim() === '' ? undefined : value.trim();
}

function readYesNo(value: unknown): boolean {
  const text = String(value).trim().toLowerCase();
  if (['true', 'yes', '1'].includes(text)) return true;
  if (['false', 'no', '0'].includes(text)) return false;
  throw new RowError('sms must be yes or no.', 'sms');
}

function readType(text: string): string {
  if (/^[A-Z_]{1,40}$/.test(text)) return text;
  throw new RowError('The type must be a word of Connect, such as DID or TOLL_FREE.', 'type');
}
