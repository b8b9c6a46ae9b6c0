import type { FileHandle } from 'node:fs/promises';

/** Rows and lines longer than this are rejected, so that a lost quote or newline cannot fill the memory. */
export const RECORD_LIMIT = 1024 * 1024;

const CHUNK = 256 * 1024;
const [NEWLINE, RETURN, QUOTE, COMMA] = [0x0a, 0x0d, 0x22, 0x2c];

/** One row of the file as it stands there. */
export interface RawRecord {
  /** Where it begins and where the next one begins, in bytes. */
  offset: number;
  end: number;
  /** The line it begins on, from 1, and the line the next one begins on. */
  line: number;
  nextLine: number;
  /** Its bytes without the line end; of a row longer than the limit only the first few. */
  bytes: Buffer;
  tooLong?: true;
}

/** Where to begin reading: the start of the file, or a place a checkpoint names. */
export interface Place {
  offset: number;
  line: number;
}

/** Looks for the newline that ends a record; -1 asks for more data, -2 says the quotes make no sense. */
interface Scanner {
  scan(buffer: Buffer, from: number): number;
}

const lineScanner = (): Scanner => ({ scan: (buffer, from) => buffer.indexOf(NEWLINE, from) });

/** Knows the quotes of RFC 4180, because a quoted field may hold newlines. */
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
 * Cuts a file into records, in constant memory. Quotes that never close spoil one line only: it is given out as
 * a record of its own (which no parser accepts), and the next line begins the next record.
 */
export async function* readRecords(
  file: FileHandle,
  options: { format: 'csv' | 'ndjson'; from?: Place },
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

  /** Reads on; false at the end of the file. */
  async fill(): Promise<boolean> {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const { bytesRead } = await this.#file.read(chunk, 0, CHUNK, this.base + this.buffer.length);
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
    if (found >= 0 && found <= RECORD_LIMIT) return take(source, found, line);
    const hopeless = found === -2 || Math.max(found, source.buffer.length) > RECORD_LIMIT;
    scanned = source.buffer.length;
    if (hopeless || !(await source.fill())) return takeFirstLine(source, line);
  }
}

/** The first line alone: of an endless record, of one with senseless quotes, or of the end of the file. */
async function takeFirstLine(source: Source, line: number): Promise<RawRecord | undefined> {
  if (source.buffer.length === 0) return undefined;
  for (;;) {
    const newline = source.buffer.indexOf(NEWLINE);
    if (newline >= 0 && newline <= RECORD_LIMIT) return take(source, newline, line);
    if (newline >= 0 || source.buffer.length > RECORD_LIMIT) return await skipLine(source, line);
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

/** Gives out the first `length` bytes, and passes over the newline behind them. */
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
