import { isUtf8 } from 'node:buffer';

/** A line of a text that is read as a stream. */
export interface Line {
  /** From 1. Blank lines count. */
  number: number;
  text: string;
  /** It has no line end: it is the last line, and may be incomplete. */
  last?: true;
}

/** A line that is too long or is not UTF-8. */
export interface FaultyLine {
  number: number;
  fault: 'TOO_LONG' | 'NOT_UTF8';
}

const [NEWLINE, RETURN] = [0x0a, 0x0d];

/**
 * Reads lines from chunks of bytes. Lines end with LF or CRLF. Blank lines and a byte order mark at the beginning are
 * left out. No more than one chunk and one line are in memory.
 *
 * @param maxBytes of a line, without its end; nothing of a longer line is kept
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line | FaultyLine> {
  let number = 1;
  let held: Buffer[] = [];
  let length = 0;

  function append(bytes: Buffer, copied: boolean): void {
    length += bytes.length;
    // The return before a newline is not part of the line, so one byte more may come.
    if (length > maxBytes + 1) held = [];
    else held.push(copied ? Buffer.from(bytes) : bytes);
  }

  function completeLine(): Line | FaultyLine | undefined {
    const line = lineOf(number, length > maxBytes + 1 ? undefined : Buffer.concat(held), maxBytes);
    number += 1;
    held = [];
    length = 0;
    return line;
  }

  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      append(bytes.subarray(start, end), false);
      start = end + 1;
      const line = completeLine();
      if (line) yield line;
    }
    // The network stack may reuse the memory of a chunk when the next one is read.
    if (start < bytes.length) append(bytes.subarray(start), true);
  }
  const line = completeLine();
  if (line) yield 'text' in line ? { ...line, last: true } : line;
}

/** Undefined when it is blank. */
function lineOf(number: number, bytes: Buffer | undefined, maxBytes: number): Line | FaultyLine | undefined {
  if (bytes === undefined) return { number, fault: 'TOO_LONG' };
  const line = bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes;
  if (line.length > maxBytes) return { number, fault: 'TOO_LONG' };
  if (!isUtf8(line)) return { number, fault: 'NOT_UTF8' };
  const decoded = line.toString();
  const text = number === 1 ? decoded.replace(/^\uFEFF/, '') : decoded;
  return text.trim() === '' ? undefined : { number, text };
}
