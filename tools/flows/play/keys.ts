/** Separates the entries of questions. */
const SEPARATORS = /[,\s]+/;
/** The caller presses no key. */
const NOTHING = '-';
/** The first key comes during the prompt. */
const DURING_PROMPT = '!';
/** A pause of one second. */
const PAUSE = '.';

const LETTERS: Readonly<Record<string, string>> = {
  abc: '2',
  def: '3',
  ghi: '4',
  jkl: '5',
  mno: '6',
  pqrs: '7',
  tuv: '8',
  wxyz: '9',
};

export interface KeyPress {
  key: string;
  /** Seconds since the key before it, or since the end of the question. */
  afterSeconds: number;
}

/** The keys that the caller presses for one question. */
export interface KeyEntry {
  /** The entry as written. */
  text: string;
  presses: KeyPress[];
  /** The first key comes during the prompt. */
  duringPrompt: boolean;
}

/** The entry contains a character that is not a phone key. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}

/**
 * Parses the keys of a caller: one entry for each question, separated by commas or spaces.
 *
 * - Digits, `*`, and `#` are keys. A letter is the key that shows it (`ada#` is `232#`).
 * - `-` presses no key.
 * - `.` waits one second before the next key (`10..42` waits two seconds in the middle).
 * - `!` at the start presses the first key during the prompt.
 *
 * @throws {KeysError} if a character is not a key; names the entry by its position
 */
export function parseKeys(text: string): KeyEntry[] {
  const entries = text.split(SEPARATORS).filter((entry) => entry !== '');
  return entries.map((entry, index) => readEntry(entry, index + 1));
}

function readEntry(text: string, place: number): KeyEntry {
  if (text === NOTHING) return { text, presses: [], duringPrompt: false };
  const duringPrompt = text.startsWith(DURING_PROMPT);
  const presses: KeyPress[] = [];
  let afterSeconds = 0;
  for (const character of duringPrompt ? text.slice(1) : text) {
    if (character === PAUSE) {
      afterSeconds += 1;
      continue;
    }
    presses.push({ key: keyOf(character, place), afterSeconds });
    afterSeconds = 0;
  }
  if (presses.length === 0) throw new KeysError(`Entry ${place} has no key. Use "-" to press no key.`);
  return { text, presses, duringPrompt };
}

function keyOf(character: string, place: number): string {
  if (/^[0-9*#]$/.test(character)) return character;
  const letter = character.toLowerCase();
  const [, digit] = Object.entries(LETTERS).find(([letters]) => letters.includes(letter)) ?? [];
  if (digit !== undefined) return digit;
  throw new KeysError(
    `Entry ${place} has a character that is not a key. Use 0-9, *, #, and letters. "-" presses no key, ` +
      '"." waits one second, and "!" at the start presses the first key during the prompt.',
  );
}
