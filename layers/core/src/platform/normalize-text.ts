/** Removes invisible marks (direction, width) and composes letters: pasted texts have both, and they mean nothing. */
export function normalizeText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .trim();
}
