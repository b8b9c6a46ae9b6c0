import { type FileHandle, open, unlink } from 'node:fs/promises';
import type { Rejection } from '@switchboard/core/platform/jobs/line-import';
import type { RawRecord } from './records.ts';

/** The first columns of a file of rejected rows. An import ignores them, so that you can correct and import the file. */
export const REJECTED_COLUMNS = ['rejected_line', 'rejected_column', 'rejected_reason'];

/** Puts the line, column and reason before a row, in the row's own format. */
export interface RejectionFormat {
  /** The beginning of the file. */
  head: string;
  /** The text to write before the bytes of the row, without the first `skip` bytes. */
  wrap(record: RawRecord, rejection: Rejection): { before: string; skip: number };
}

const CSV_PREFIX = /^(?:(?:"(?:[^"]|"")*"|[^",]*),){3}/;

/**
 * Three columns precede the bytes of a CSV row, which stay as they are.
 *
 * @param header the header of the input, which can be a file of rejected rows itself
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

/** A JSON object gets the key `rejected`. A line that is not an object is kept as the string `row`. */
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

/** The file of rejected rows. It holds data of the input, so that only its owner may read it. */
export class RejectedFile {
  readonly path: string;
  readonly #format: RejectionFormat;
  readonly #source: FileHandle;
  #file: FileHandle | undefined;
  #pending: Buffer[] = [];
  /** The length of the file after all added rows are written. */
  length = 0;

  constructor(path: string, format: RejectionFormat, source: FileHandle) {
    this.path = path;
    this.#format = format;
    this.#source = source;
  }

  /** Truncates the file to the length of a checkpoint. The rows after it are rejected again. */
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

  /** Makes all added rows durable. */
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

  /** Copies a row that is too long for memory from file to file. */
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
