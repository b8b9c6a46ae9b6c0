import type { AcceptRequest } from '#core/messages/accept.ts';
import { smsBody } from '#core/messages/api/send-one.ts';
import { ConfigurationError, InvalidInputError, SwitchboardError } from '#core/platform/errors.ts';
import type { FaultyLine, Line } from '#core/platform/ndjson.ts';
import { parseBody } from '#core/platform/validate.ts';
import { LONGEST_LINE } from './limits.ts';

/** Why a line was not accepted. Never quotes what stands in it. */
export interface LineError {
  /** From 1, as editors count; blank lines count. */
  line: number;
  code: string;
  message: string;
  field?: string;
}

export type BatchMessage = Pick<AcceptRequest, 'idempotencyKey' | 'from' | 'to' | 'content'>;

/**
 * Reads a line as a message. What its fields may hold is checked when it is accepted.
 *
 * @throws {InvalidInputError}
 */
export function parseLine(line: Line | FaultyLine): BatchMessage {
  if ('fault' in line) throw FAULTS[line.fault]();
  const { fromPhoneNumber, toPhoneNumber, ...rest } = parseBody(smsBody, parseJson(line));
  return { ...rest, from: fromPhoneNumber, to: toPhoneNumber };
}

/**
 * What the answer says of a line; undefined when the error is not one of a line, but ours. It is kept with the batch, so
 * a field that is not ours is not named: somebody may call it by a number or a name.
 */
export function lineError(line: number, error: unknown): LineError | undefined {
  if (!(error instanceof SwitchboardError) || error instanceof ConfigurationError) return undefined;
  if (error.code === 'UNKNOWN_FIELD') return { line, ...UNKNOWN_FIELD };
  const { code, message, field } = error;
  return { line, code, message, ...(field === undefined ? {} : { field }) };
}

const UNKNOWN_FIELD = {
  code: 'UNKNOWN_FIELD',
  message: `The line has a field that is none of a message: ${Object.keys(smsBody.entries).join(', ')}.`,
};

function parseJson({ text, last }: Line): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // Of bytes that are no UTF-8, API Gateway makes U+FFFD; UTF-16 has a zero in every second one.
    if (/[\0\ufffd]/.test(text)) throw FAULTS.NOT_UTF8();
    const sentence = last
      ? 'The last line is not JSON and has no line end: the body may have been cut off.'
      : 'The line is not JSON. A message is one line; a line end inside a content is written \\n.';
    throw new InvalidInputError('INVALID_JSON', sentence);
  }
}

const FAULTS: Record<FaultyLine['fault'], () => InvalidInputError> = {
  TOO_LONG: () =>
    new InvalidInputError('LINE_TOO_LONG', `A line has at most ${LONGEST_LINE} bytes; this one has more.`),
  NOT_UTF8: () =>
    new InvalidInputError(
      'INVALID_UTF8',
      'The line is not encoded in UTF-8. Send the body in UTF-8, and not packed.',
    ),
};
