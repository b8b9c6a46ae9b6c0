import * as v from 'valibot';
import { InvalidInputError } from '#core/platform/errors.ts';

const USER_ID = /^[A-Za-z0-9_-]{1,128}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const userId = v.pipe(v.string('must be a string'), v.regex(USER_ID, 'must be the ID of a Connect user'));
const phoneNumber = v.string('must be a string, such as "+16135550100"');

/** The body of POST /phonebook/assign. */
export const assignBody = v.object({
  userId,
  refId: v.pipe(
    v.string('must be a string'),
    v.toLowerCase(),
    v.regex(UUID, 'must be the refId of a reservation, a UUID'),
  ),
  phoneNumber,
  replace: v.optional(v.boolean('must be true or false'), false),
});

/** The body of POST /phonebook/release. */
export const releaseBody = v.object({ userId, phoneNumber });

/**
 * Parses a user ID of a path.
 *
 * @throws {InvalidInputError} `INVALID_USER_ID`
 */
export function parseUserId(text: string): string {
  if (USER_ID.test(text)) return text;
  throw new InvalidInputError(
    'INVALID_USER_ID',
    'userId must be the ID of a Connect user: 1 to 128 letters, digits, "_", or "-".',
    { field: 'userId' },
  );
}

/**
 * Parses the header `Idempotency-Key`, if the request has one.
 *
 * @throws {InvalidInputError} `INVALID_IDEMPOTENCY_KEY`
 */
export function parseIdempotencyKey(headers: Headers): { idempotencyKey?: string } {
  const key = headers.get('idempotency-key');
  if (key === null) return {};
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return { idempotencyKey: key };
  throw new InvalidInputError(
    'INVALID_IDEMPOTENCY_KEY',
    'The header Idempotency-Key must have 1 to 255 ASCII characters, such as a UUID.',
    { field: 'Idempotency-Key' },
  );
}
