/** Pasted texts bring invisible marks (direction, width) and decomposed letters; neither tells people apart. */
export function normalizeText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .trim();
}
