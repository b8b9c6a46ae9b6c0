import { InvalidInputError } from '../../platform/errors.ts';
import { parseInternational } from '../../platform/phone.ts';
import { refuseHalves, refuseUnreadable } from '../text.ts';
import type { AcceptRequest } from './contract.ts';

/** The limit of End User Messaging, in UTF-16 code units, as it counts. */
const LONGEST_CONTENT = 1_600;
const LONGEST_KEY = 256;

/**
 * Checks a request and writes it as it is stored: numbers in E.164, content without blanks at its ends, which End User
 * Messaging does not take.
 *
 * @throws {InvalidInputError} `INVALID_IDEMPOTENCY_KEY`, `INVALID_PHONE_NUMBER`, `INVALID_CONTENT`,
 * `INVALID_UTF8`; never quotes a value
 */
export function checkRequest(request: AcceptRequest): AcceptRequest {
  return {
    ...request,
    idempotencyKey: checkKey(request.idempotencyKey),
    from: checkNumber(request.from, 'fromPhoneNumber'),
    to: checkNumber(request.to, 'toPhoneNumber'),
    content: checkContent(request.content),
  };
}

function checkKey(key: string): string {
  const sentence =
    key.length > LONGEST_KEY
      ? `An idempotency key has at most ${LONGEST_KEY} characters; this one has ${key.length}.`
      : key.trim() === ''
        ? 'The idempotency key is empty: give each message a key of its own, and the same key when you try again.'
        : undefined;
  if (sentence !== undefined) {
    throw new InvalidInputError('INVALID_IDEMPOTENCY_KEY', sentence, { field: 'idempotencyKey' });
  }
  // Two keys that were garbled may look alike, and would be one message.
  refuseHalves(key, 'INVALID_IDEMPOTENCY_KEY', 'idempotencyKey');
  return key;
}

function checkNumber(text: string, field: string): string {
  const parsed = parseInternational(text);
  if (parsed.kind === 'phone') return parsed.phoneNumber;
  throw new InvalidInputError('INVALID_PHONE_NUMBER', parsed.reason, { field });
}

function checkContent(text: string): string {
  const content = text.trim();
  const sentence =
    content === ''
      ? 'The content is empty.'
      : content.length > LONGEST_CONTENT
        ? `The content has at most ${LONGEST_CONTENT} characters; this one has ${content.length}.`
        : undefined;
  if (sentence !== undefined) throw new InvalidInputError('INVALID_CONTENT', sentence, { field: 'content' });
  refuseUnreadable(content, 'INVALID_CONTENT', 'content');
  return content;
}
