import { rejectControlCharacters, rejectMalformedText } from '#core/messages/validate-text.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import { parseInternationalField } from '#core/platform/phone.ts';
import type { AcceptRequest } from './accept-request.ts';

/**
 * The limit of AWS End User Messaging, in UTF-16 code units: an emoji counts as two, as it does over the air. The
 * reference of the service says only "characters". Nothing that is accepted may be refused when it is sent.
 */
const MAX_CONTENT_LENGTH = 1_600;
/** In characters: an emoji counts as one. */
const MAX_KEY_LENGTH = 256;

/**
 * Validates a request and normalizes it: numbers in E.164, content trimmed, because AWS End User Messaging refuses
 * whitespace at its ends.
 *
 * @throws {InvalidInputError} `INVALID_IDEMPOTENCY_KEY`, `INVALID_PHONE_NUMBER`, `INVALID_CONTENT`,
 * `INVALID_UTF8`; the errors never quote a value
 */
export function parseRequest(request: AcceptRequest): AcceptRequest {
  const parsed = {
    ...request,
    idempotencyKey: parseIdempotencyKey(request.idempotencyKey),
    from: parseInternationalField(request.from, 'fromPhoneNumber'),
    to: parseInternationalField(request.to, 'toPhoneNumber'),
    content: parseContent(request.content),
  };
  if (parsed.from === parsed.to) throw sameNumberError();
  return parsed;
}

function sameNumberError(): InvalidInputError {
  return new InvalidInputError(
    'INVALID_PHONE_NUMBER',
    'toPhoneNumber equals fromPhoneNumber. Use another recipient.',
    { field: 'toPhoneNumber' },
  );
}

function parseIdempotencyKey(key: string): string {
  // Do not count the characters of a very long key: twice the limit in UTF-16 code units is always too long.
  const length = key.length > 2 * MAX_KEY_LENGTH ? key.length : [...key].length;
  const fault =
    length > MAX_KEY_LENGTH
      ? `The idempotency key is longer than ${MAX_KEY_LENGTH} characters. Use a shorter one.`
      : key.trim() === ''
        ? 'The idempotency key is empty. Use one key for each message, and the same key when you retry.'
        : undefined;
  if (fault !== undefined) {
    throw new InvalidInputError('INVALID_IDEMPOTENCY_KEY', fault, { field: 'idempotencyKey' });
  }
  // Two keys that were damaged may look alike, and would count as one message.
  rejectMalformedText(key, 'INVALID_IDEMPOTENCY_KEY', 'idempotencyKey');
  return key;
}

function parseContent(text: string): string {
  const content = text.trim();
  const fault =
    content === ''
      ? 'The content is empty.'
      : content.length > MAX_CONTENT_LENGTH
        ? `The content has ${content.length} characters, where an emoji counts as two. The maximum is ${MAX_CONTENT_LENGTH}.`
        : undefined;
  if (fault !== undefined) throw new InvalidInputError('INVALID_CONTENT', fault, { field: 'content' });
  rejectControlCharacters(content, 'INVALID_CONTENT', 'content');
  return content;
}
