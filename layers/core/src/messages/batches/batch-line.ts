import type { AcceptRequest } from '#core/messages/acceptance/create-acceptance.ts';
import { smsBody } from '#core/messages/api/send-one.ts';
import { ConfigurationError, InvalidInputError, SwitchboardError } from '#core/platform/errors.ts';
import type { FaultyLine, Line } from '#core/platform/ndjson.ts';
import { parseBody } from '#core/platform/validate.ts';

/** The limit of one line: far more than the longest key and content need, with every character escaped. */
export const MAX_LINE_BYTES = 16 * 1024;

/** Why a line was not accepted. Never quotes the line. */
export interface LineError {
  /** Counted from 1, as editors do. Blank lines count. */
  line: number;
  code: string;
  message: string;
  field?: string;
}

export type BatchMessage = Pick<AcceptRequest, 'idempotencyKey' | 'from' | 'to' | 'content'>;

/**
 * Reads a line as a message. Accepting the message validates the values of its fields.
 *
 * @throws {InvalidInputError}
 */
export function parseLine(line: Line | FaultyLine): BatchMessage {
  if ('fault' in line) throw LINE_FAULTS[line.fault]();
  const { fromPhoneNumber, toPhoneNumber, ...rest } = parseBody(smsBody, parseLineJson(line));
  return { ...rest, from: fromPhoneNumber, to: toPhoneNumber };
}

/**
 * Describes the error of a line; undefined when the fault is not in the line. The description is stored with the batch.
 * So it does not name an unknown field, whose name may be personal data.
 */
export function toLineError(line: number, error: unknown): LineError | undefined {
  if (!(error instanceof SwitchboardError) || error instanceof ConfigurationError) return undefined;
  if (error.code === 'UNKNOWN_FIELD') return { line, ...UNKNOWN_FIELD_ERROR };
  const { code, message, field } = error;
  return { line, code, message, ...(field === undefined ? {} : { field }) };
}

const UNKNOWN_FIELD_ERROR = {
  code: 'UNKNOWN_FIELD',
  message: `The line has an unknown field. The fields of a message are ${Object.keys(smsBody.entries).join(', ')}.`,
};

function parseLineJson({ text, last }: Line): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // API Gateway turns bytes that are not UTF-8 into U+FFFD. In UTF-16, every second byte is often zero.
    if (/[\0\ufffd]/.test(text)) throw LINE_FAULTS.NOT_UTF8();
    const fault = last
      ? 'The last line is not JSON and has no line end. The body may be truncated; send it again.'
      : 'The line is not JSON. Write each message in one line, and a line end in a content as \\n.';
    throw new InvalidInputError('INVALID_JSON', fault);
  }
}

const LINE_FAULTS: Record<FaultyLine['fault'], () => InvalidInputError> = {
  TOO_LONG: () =>
    new InvalidInputError('LINE_TOO_LONG', `The line is longer than ${MAX_LINE_BYTES} bytes. Shorten it.`),
  NOT_UTF8: () =>
    new InvalidInputError(
      'INVALID_UTF8',
      'The line is not encoded in UTF-8. Send the body in UTF-8 and uncompressed.',
    ),
};
