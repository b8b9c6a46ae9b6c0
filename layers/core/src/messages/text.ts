import { InvalidInputError } from '#core/platform/errors.ts';

/** Control characters, line ends excepted. A tab too: the GSM alphabet has none, and one would double the segments. */
const CONTROL = /(?![\n\r])\p{Cc}/u;

/**
 * Refuses text that no telephone could show.
 *
 * @throws {InvalidInputError} `INVALID_UTF8`, or the code given; never quotes the text
 */
export function refuseUnreadable(text: string, code: string, field: string): void {
  refuseHalves(text, code, field);
  if (CONTROL.test(text)) {
    const sentence =
      'It holds a control character, such as a tab or U+0000; of those, only line ends are taken.';
    throw new InvalidInputError(code, sentence, { field });
  }
}

/**
 * Refuses what was lost on the way: half of a character, or bytes that were no UTF-8. Those reach us as U+FFFD, because
 * API Gateway hands over bodies as text.
 *
 * @throws {InvalidInputError} `INVALID_UTF8`, or the code given; never quotes the text
 */
export function refuseHalves(text: string, code: string, field: string): void {
  if (!text.isWellFormed()) {
    const sentence =
      'It holds half of a character (a lone surrogate): it was cut in the middle of an emoji or the like.';
    throw new InvalidInputError(code, sentence, { field });
  }
  if (text.includes('\ufffd')) {
    const sentence =
      'The text was not encoded in UTF-8: some of it arrived as U+FFFD, the sign for what is unreadable.';
    throw new InvalidInputError('INVALID_UTF8', sentence, { field });
  }
}
