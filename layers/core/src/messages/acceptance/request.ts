import { refuseHalves, refuseUnreadable } from '#core/messages/text.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import { internationalNumber } from '#core/platform/phone.ts';
import type { AcceptRequest } from './contract.ts';

/**
 * The limit of End User Messaging, in UTF-16 code units: an emoji is two, as it is over the air. Its reference says
 * "characters" and nothing of those; what is accepted must not be refused when it is sent.
 */
const LONGEST_CONTENT = 1_600;
/** In characters: an emoji is one. */
const LONGEST_KEY = 256;

/**
 * Checks a request and writes it as it is stored: numbers in E.164, content without blanks at its ends, which End User
 * Messaging does not take.
 *
 * @throws {InvalidInputError} `INVALID_IDEMPOTENCY_KEY`, `INVALID_PHONE_NUMBER`, `INVALID_CONTENT`,
 * `INVALID_UTF8`; never quotes a value
 */
export function checkRequest(request: AcceptRequest): AcceptRequest {
  const checked = {
    ...request,
    idempotencyKey: checkKey(request.idempotencyKey),
    from: internationalNumber(request.from, 'fromPhoneNumber'),
    to: internationalNumber(request.to, 'toPhoneNumber'),
    content: checkContent(request.content),
  };
  if (checked.from === checked.to) throw toItself();
  return checked;
}

function toItself(): InvalidInputError {
  return new InvalidInputError(
    'INVALID_PHONE_NUMBER',
    'toPhoneNumber is fromPhoneNumber: a number sends no texts to itself.',
    { field: 'toPhoneNumber' },
  );
}

function checkKey(key: string): string {
  // What has more UTF-16 units than twice the limit has more characters, too, and is not counted.
  const length = key.length > 2 * LONGEST_KEY ? key.length : [...key].length;
  const sentence =
    length > LONGEST_KEY
      ? `An idempotency key has at most ${LONGEST_KEY} characters; this one has more.`
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

function checkContent(text: string): string {
  const content = text.trim();
  const sentence =
    content === ''
      ? 'The content is empty.'
      : content.length > LONGEST_CONTENT
        ? `The content has at most ${LONGEST_CONTENT} characters, an emoji counted as two; this one has ${content.length}.`
        : undefined;
  if (sentence !== undefined) throw new InvalidInputError('INVALID_CONTENT', sentence, { field: 'content' });
  refuseUnreadable(content, 'INVALID_CONTENT', 'content');
  return content;
}
