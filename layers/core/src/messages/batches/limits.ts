import { TooLargeError } from '#core/platform/errors.ts';

/** Messages in one request. */
export const MESSAGES_A_BATCH = 10_000;

/**
 * Bytes of one request. Lambda takes 6 MB (6,291,456 bytes), and in them the body stands as a text of the event's JSON,
 * where every quote, backslash and line end is a byte more: in lines of nothing but fields of ours, 18 percent. So this
 * is what always fits when the contents themselves have few such characters; API Gateway refuses the rest by itself.
 */
const LARGEST_BODY = 5_000_000;

/** Bytes of one line: far more than the longest key and the longest content, with every character escaped. */
export const LONGEST_LINE = 16 * 1024;

/**
 * @param bytes of the body
 * @throws {TooLargeError} `BODY_TOO_LARGE`
 */
export function refuseTooLarge(bytes: number): void {
  if (bytes <= LARGEST_BODY) return;
  throw new TooLargeError(
    'BODY_TOO_LARGE',
    `A request has at most ${LARGEST_BODY} bytes; this one has ${bytes}. Nothing of it was accepted: send it in parts.`,
  );
}
