import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
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

/** Nobody reads more, and a load test must not fill the memory. */
const KEPT = 20_000;

const FILE = 'sms.ndjson';

/** With a data directory a line of a file for each text, so that a thousand of them are a thousand short writes. */
export function createSentTexts(dataDir: string | undefined): SentTexts {
  const path = dataDir === undefined ? undefined : join(dataDir, FILE);
  let texts = path === undefined ? [] : read(path);
  return {
    all: () => texts,
    add(text) {
      texts.push(text);
      if (texts.length > 2 * KEPT) texts = texts.slice(-KEPT);
      if (path !== undefined) appendFileSync(path, `${JSON.stringify(text)}\n`);
    },
  };
}

function read(path: string): SentText[] {
  let lines: string;
  try {
    lines = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  // What follows the last end of a line was cut off by a kill, and must not become the beginning of the next one.
  const whole = lines.split('\n').slice(0, -1).slice(-KEPT);
  writeFileSync(path, whole.map((line) => `${line}\n`).join(''));
  return whole.map((line) => JSON.parse(line) as SentText);
}
