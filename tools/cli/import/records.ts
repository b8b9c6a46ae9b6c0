import type { FileHandle } from 'node:fs/promises';
import type { LinePosition, SourceLine } from '@switchboard/core/platform/jobs/line-import';

/** Longer rows and lines are rejected, so that a missing quote or newline cannot fill the memory. */
export const MAX_RECORD_SIZE = 1024 * 1024;

const CHUNK_SIZE = 256 * 1024;
const [NEWLINE, RETURN, QUOTE, COMMA] = [0x0a, 0x0d, 0x22, 0x2c];

/** One row of the file, as it is. */
export interface RawRecord extends SourceLine {
  /** The beginning of the row, in bytes. */
  offset: number;
  /** The bytes without the end of the line. Of a row longer than the limit, only the first few. */
  bytes: Buffer;
  tooLong?: true;
}

/** Finds the newline that ends a record. -1 means that more data is needed, and -2 that the quotes are wrong. */
interface Scanner {
  scan(buffer: Buffer, from: number): number;
}

const lineScanner = (): Scanner => ({ scan: (buffer, from) => buffer.indexOf(NEWLINE, from) });

/** Follows the quotes of RFC 4180, because a quoted field can contain newlines. */
function csvScanner(): Scanner {
  let state: 'field start' | 'plain' | 'quoted' | 'after quote' = 'field start';
  return {
    scan(buffer, from) {
      for (let at = from; at < buffer.length; at++) {
        const byte = buffer[at];
        if (state === 'quoted') {
          if (byte === QUOTE) state = 'after quote';
        } else if (byte === NEWLINE) {
          return at;
        } else if (byte === COMMA) {
          state = 'field start';
        } else if (state === 'field start') {
          state = byte === QUOTE ? 'quoted' : 'plain';
        } else if (state === 'after quote') {
          if (byte === QUOTE) state = 'quoted';
          else if (byte !== RETURN) return -2;
        }
      }
      return -1;
    },
  };
}

/**
 * Splits a file into records, in constant memory. A quote that is never closed affects only its own line: the line is
 * a record that no parser accepts, and the next record begins with the next line.
 */
export async function* readRecords(
  file: FileHandle,
  options: { format: 'csv' | 'ndjson'; from?: LinePosition },
): AsyncGenerator<RawRecord> {
  const source = new Source(file, options.from?.offset ?? 0);
  let line = options.from?.line ?? 1;
  if (source.base === 0) await skipByteOrderMark(source);
  for (;;) {
    const record = await nextRecord(source, options.format === 'csv' ? csvScanner() : lineScanner(), line);
    if (!record) return;
    line = record.nextLine;
    if (record.tooLong || !isBlank(record.bytes)) yield record;
  }
}

/** A window on the file: `buffer` holds the bytes from `base` on. */
class Source {
  readonly #file: FileHandle;
  buffer: Buffer = Buffer.alloc(0);
  base: number;

  constructor(file: FileHandle, base: number) {
    this.#file = file;
    this.base = base;
  }

  /** Reads the next chunk. Returns false at the end of the file. */
  async fill(): Promise<boolean> {
    const chunk = Buffer.allocUnsafe(CHUNK_SIZE);
    const { bytesRead } = await this.#file.read(chunk, 0, CHUNK_SIZE, this.base + this.buffer.length);
    if (bytesRead === 0) return false;
    this.buffer = Buffer.concat([this.buffer, chunk.subarray(0, bytesRead)]);
    return true;
  }

  drop(bytes: number): void {
    this.buffer = this.buffer.subarray(bytes);
    this.base += bytes;
  }
}

async function skipByteOrderMark(source: Source): Promise<void> {
  await source.fill();
  if (source.buffer.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) source.drop(3);
}

async function nextRecord(source: Source, scanner: Scanner, line: number): Promise<RawRecord | undefined> {
  let scanned = 0;
  for (;;) {
    const found = scanner.scan(source.buffer, scanned);
    if (found >= 0 && found <= MAX_RECORD_SIZE) return take(source, found, line);
    const malformed = found === -2 || Math.max(found, source.buffer.length) > MAX_RECORD_SIZE;
    scanned = source.buffer.length;
    if (malformed || !(await source.fill())) return takeFirstLine(source, line);
  }
}

/** Takes only the first line: of a record that is too long or has wrong quotes, or at the end of the file. */
async function takeFirstLine(source: Source, line: number): Promise<RawRecord | undefined> {
  if (source.buffer.length === 0) return undefined;
  for (;;) {
    const newline = source.buffer.indexOf(NEWLINE);
    if (newline >= 0 && newline <= MAX_RECORD_SIZE) return take(source, newline, line);
    if (newline >= 0 || source.buffer.length > MAX_RECORD_SIZE) return await skipLine(source, line);
    if (!(await source.fill())) return take(source, source.buffer.length, line);
  }
}

async function skipLine(source: Source, line: number): Promise<RawRecord> {
  const offset = source.base;
  const bytes = Buffer.from(source.buffer.subarray(0, 4096));
  let newline = source.buffer.indexOf(NEWLINE);
  while (newline < 0) {
    source.drop(source.buffer.length);
    if (!(await source.fill())) break;
    newline = source.buffer.indexOf(NEWLINE);
  }
  source.drop(newline < 0 ? source.buffer.length : newline + 1);
  return { offset, end: source.base, line, nextLine: line + 1, bytes, tooLong: true };
}

/** Takes the first `length` bytes, and skips the newline after them. */
function take(source: Source, length: number, line: number): RawRecord {
  const offset = source.base;
  const whole = source.buffer.subarray(0, length);
  const bytes = whole.at(-1) === RETURN ? whole.subarray(0, -1) : whole;
  source.drop(Math.min(length + 1, source.buffer.length));
  return { offset, end: source.base, line, nextLine: line + 1 + countNewlines(whole), bytes };
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

const isBlank = (bytes: Buffer) => bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === RETURN);
