import { type FileHandle, open, unlink } from 'node:fs/promises';
import type { RawRecord } from './records.ts';

/** Why a row was not imported. Neither field holds a value of the row. */
export interface Rejection {
  /** The column (CSV) or the path in the object (NDJSON), where one is to blame. */
  column?: string | undefined;
  reason: string;
}

/** The columns a rejected CSV file begins with; an import ignores them, so it can be mended and imported. */
export const REJECTED_COLUMNS = ['rejected_line', 'rejected_column', 'rejected_reason'];

/** Puts the line, column and reason before a row, in the row's own format. */
export interface RejectionFormat {
  /** What the rejected file begins with. */
  head: string;
  /** What to write before the row's bytes, of which `skip` are left out. */
  wrap(record: RawRecord, rejection: Rejection): { before: string; skip: number };
}

const CSV_PREFIX = /^(?:(?:"(?:[^"]|"")*"|[^",]*),){3}/;

/**
 * A CSV row keeps its bytes behind three columns, whatever is wrong with it.
 *
 * @param header the header line of the input, which may itself be one of a rejected file
 */
export function csvRejections(header: string): RejectionFormat {
  const again = header.startsWith(`${REJECTED_COLUMNS.join(',')},`);
  const prefixOf = (bytes: Buffer) =>
    again ? (CSV_PREFIX.exec(bytes.toString('latin1', 0, 4096))?.[0].length ?? 0) : 0;
  return {
    head: `${REJECTED_COLUMNS.join(',')},${header.slice(prefixOf(Buffer.from(header)))}\n`,
    wrap: ({ line, bytes }, { column, reason }) => ({
      before: `${line},${csvCell(column ?? '')},${csvCell(reason)},`,
      skip: prefixOf(bytes),
    }),
  };
}

const csvCell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const NDJSON_PREFIX =
  /^\s*\{(?:"rejected":\{"line":\d+,"column":"(?:[^"\\]|\\.)*","reason":"(?:[^"\\]|\\.)*"\}(?:,|(?=\s*\})))?/;

/** A JSON object gets one more key, `rejected`; a line that is none is kept as a string, `row`. */
export const ndjsonRejections: RejectionFormat = {
  head: '',
  wrap({ line, bytes, tooLong }, { column = '', reason }) {
    const note = `{"rejected":${JSON.stringify({ line, column, reason })}`;
    const prefix = NDJSON_PREFIX.exec(bytes.toString('latin1', 0, 4096))?.[0].length;
    if (prefix === undefined) {
      const row = tooLong ? '' : `${JSON.stringify(bytes.toString())}}`;
      return { before: `${note},"row":${row}`, skip: tooLong ? 0 : bytes.length };
    }
    const empty = /^\s*\}/.test(bytes.toString('latin1', prefix, prefix + 64));
    return { before: empty ? note : `${note},`, skip: prefix };
  },
};

/** The file of rejected rows. It holds what the input held, so only its owner may read it. */
export class RejectedFile {
  readonly path: string;
  readonly #format: RejectionFormat;
  readonly #source: FileHandle;
  #file: FileHandle | undefined;
  #pending: Buffer[] = [];
  /** The length of the file once all that was added is written. */
  length = 0;

  constructor(path: string, format: RejectionFormat, source: FileHandle) {
    this.path = path;
    this.#format = format;
    this.#source = source;
  }

  /** Goes back to the length a checkpoint names: what came after it will be rejected again. */
  async open(length: number): Promise<void> {
    this.length = length;
    if (length === 0) {
      await unlink(this.path).catch(ignoreMissing);
      return;
    }
    this.#file = await open(this.path, 'r+');
    await this.#file.truncate(length);
  }

  async add(record: RawRecord, rejection: Rejection): Promise<void> {
    if (this.length === 0) this.#push(this.#format.head);
    const { before, skip } = this.#format.wrap(record, rejection);
    this.#push(before);
    if (record.tooLong) await this.#copy(record.offset + skip, record.end);
    else this.#push(record.bytes.subarray(skip));
    this.#push('\n');
  }

  /** Makes all that was added durable. */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    await this.#write();
    await this.#file?.sync();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file?.close();
    this.#file = undefined;
  }

  #push(part: Buffer | string): void {
    const bytes = Buffer.from(part);
    this.#pending.push(bytes);
    this.length += bytes.length;
  }

  /** A row that is too long to be held in memory goes from file to file. */
  async #copy(from: number, to: number): Promise<void> {
    const chunk = Buffer.allocUnsafe(64 * 1024);
    for (let at = from; at < to; ) {
      const { bytesRead } = await this.#source.read(chunk, 0, Math.min(chunk.length, to - at), at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const newline = at >= to && chunk[bytesRead - 1] === 0x0a;
      this.#push(chunk.subarray(0, newline ? bytesRead - 1 : bytesRead));
      await this.#write();
    }
  }

  async #write(): Promise<void> {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#file ??= await open(this.path, 'w', 0o600);
    await this.#file.write(bytes, 0, bytes.length, this.length - bytes.length);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
