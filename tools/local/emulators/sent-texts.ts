import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text that AWS End User Messaging would have sent. */
export interface SentText {
  messageId: string;
  /** ISO 8601 */
  at: string;
  /** The origination identity: a number of ours, or an ARN. */
  from: string;
  to: string;
  content: string;
  type: string;
}

/** What was sent, the oldest first. */
export interface SentTexts {
  all(): SentText[];
  add(text: SentText): void;
}

/** A load test must not fill the memory. */
const MAX_TEXTS = 20_000;

const FILE = 'sms.ndjson';
const PRIVATE = { mode: 0o600 };

/**
 * With a data directory a line of a file for each text, so that a thousand of them are a thousand short writes. Texts stand
 * in it as they would be sent, so only the owner may read it.
 *
 * @param kept how many there are at least; a test has fewer
 */
export function createSentTexts(dataDir: string | undefined, kept = MAX_TEXTS): SentTexts {
  const path = dataDir === undefined ? undefined : join(dataDir, FILE);
  let texts = path === undefined ? [] : read(path, kept);
  return {
    all: () => texts,
    add(text) {
      texts.push(text);
      if (texts.length > 2 * kept) {
        texts = texts.slice(-kept);
        // Written anew as rarely as the memory is cut: the file grows no further either.
        if (path !== undefined) writeFileSync(path, linesOf(texts.slice(0, -1)), PRIVATE);
      }
      if (path !== undefined) appendFileSync(path, linesOf([text]), PRIVATE);
    },
  };
}

function read(path: string, kept: number): SentText[] {
  let lines: string;
  try {
    lines = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  // What follows the last end of a line was cut off by a kill, and must not become the beginning of the next one.
  const whole = lines.split('\n').slice(0, -1).slice(-kept);
  const texts = whole.map((line) => JSON.parse(line) as SentText);
  writeFileSync(path, linesOf(texts));
  // One that was there has the mode that it was made with.
  chmodSync(path, PRIVATE.mode);
  return texts;
}

function linesOf(texts: readonly SentText[]): string {
  return texts.map((text) => `${JSON.stringify(text)}\n`).join('');
}
