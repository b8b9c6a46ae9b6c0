/** Ends what the caller keys for one question. */
const SEPARATORS = /[,\s]+/;
/** The caller keys nothing and lets the time run out. */
const NOTHING = '-';
/** Before the first key: while the question is still being asked. */
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

/** What the caller keys when a question is asked. */
export interface KeyEntry {
  /** As it was written. */
  text: string;
  presses: KeyPress[];
  /** The first key comes while the question is still being asked. */
  duringPrompt: boolean;
}

/** What was typed for the keys is nothing that a telephone has. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}

/**
 * Reads what a caller keys: one entry for each question, separated by commas or spaces.
 *
 * - digits, `*` and `#` are keys; a letter is the key that it stands on (`ada#` is `232#`);
 * - `-` keys nothing;
 * - `.` waits one second before the next key (`10..42` waits two seconds in the middle);
 * - `!` at the beginning keys while the question is still being asked.
 *
 * @throws {KeysError} names the character that is none of these, and the entry by its place
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
  if (presses.length === 0) throw new KeysError(`Entry ${place} has no key. "-" keys nothing.`);
  return { text, presses, duringPrompt };
}

function keyOf(character: string, place: number): string {
  if (/^[0-9*#]$/.test(character)) return character;
  const letter = character.toLowerCase();
  const [, digit] = Object.entries(LETTERS).find(([letters]) => letters.includes(letter)) ?? [];
  if (digit !== undefined) return digit;
  throw new KeysError(
    `Entry ${place} has a character that is no key. There are 0-9, *, # and letters; "-" keys nothing, ` +
      '"." waits a second, "!" at the beginning keys during the question.',
  );
}
