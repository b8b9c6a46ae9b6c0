import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text that the emulator has accepted. */
export interface SentText {
  messageId: string;
  /** ISO 8601 */
  at: string;
  /** The origination identity: a number or an ARN. */
  from: string;
  to: string;
  content: string;
  type: string;
}

/** The sent texts, the oldest first. */
export interface SentTexts {
  all(): SentText[];
  add(text: SentText): void;
}

/** A load test must not fill the memory. */
const MAX_TEXTS = 20_000;

const FILE = 'sms.ndjson';
const PRIVATE = { mode: 0o600 };

/**
 * With a data directory, appends each text to a file as one line. The file contains the full texts, so only the owner can
 * read it.
 *
 * @param kept the minimum number of texts to keep
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
        // Rewrites the file when memory is trimmed, so that the file does not grow without limit.
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
  // A killed process can leave an incomplete line. It must not become the start of the next one.
  const whole = lines.split('\n').slice(0, -1).slice(-kept);
  const texts = whole.map((line) => JSON.parse(line) as SentText);
  writeFileSync(path, linesOf(texts));
  // An existing file keeps its mode.
  chmodSync(path, PRIVATE.mode);
  return texts;
}

function linesOf(texts: readonly SentText[]): string {
  return texts.map((text) => `${JSON.stringify(text)}\n`).join('');
}
