import { InvalidInputError } from '#core/platform/errors.ts';

/** Control characters except line ends. Includes the tab: the GSM alphabet has none, so one doubles the segments. */
const CONTROL_CHARACTER = /(?![\n\r])\p{Cc}/u;

/**
 * Rejects text that no phone can show.
 *
 * @throws {InvalidInputError} `INVALID_UTF8`, or the given code; the error never quotes the text
 */
export function rejectControlCharacters(text: string, code: string, field: string): void {
  rejectMalformedText(text, code, field);
  if (CONTROL_CHARACTER.test(text)) {
    const sentence =
      'The text contains a control character, such as a tab or U+0000. Remove it; only line ends are allowed.';
    throw new InvalidInputError(code, sentence, { field });
  }
}

/**
 * Rejects text that was damaged before it arrived: half of a character, or bytes that are not UTF-8. API Gateway passes
 * bodies as text, so such bytes arrive as U+FFFD.
 *
 * @throws {InvalidInputError} `INVALID_UTF8`, or the given code; the error never quotes the text
 */
export function rejectMalformedText(text: string, code: string, field: string): void {
  if (!text.isWellFormed()) {
    const sentence =
      'The text contains half of a character (a lone surrogate). Do not cut the text within an emoji.';
    throw new InvalidInputError(code, sentence, { field });
  }
  if (text.includes('\ufffd')) {
    const sentence = 'The text is not encoded in UTF-8: a part of it arrived as U+FFFD. Send it in UTF-8.';
    throw new InvalidInputError('INVALID_UTF8', sentence, { field });
  }
}
