/** So many keys make a search; a shorter spelling cannot be searched for, so it has no row. */
export const MIN_NAME_KEYS = 3;
/** What is keyed, or spelled, beyond so many keys decides nothing any more. */
export const MAX_NAME_KEYS = 32;

/** ITU-T E.161: the letters on the keys 2 to 9. */
const LETTERS = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];

const KEY_OF = new Map(
  LETTERS.flatMap((letters, position) => [...letters].map((letter) => [letter, String(position + 2)])),
);

/**
 * The keys of a text in a to z and 0 to 9. A digit is its own key, except 0 and 1: they have no letters, callers key
 * them for a space or by mistake, so they count neither in a name nor when keyed.
 */
export function toKeypadKeys(ascii: string): string {
  return [...ascii].map((character) => KEY_OF.get(character) ?? character.replace(/[^2-9]/, '')).join('');
}
