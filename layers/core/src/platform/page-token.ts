import { InvalidInputError } from './errors.ts';

const MAX_TOKEN_LENGTH = 512;

/**
 * The token of the next page of a list. Clients send it back unchanged.
 *
 * @param list the list and all its parameters: the token is valid for no other list
 * @param place where the next page begins, which {@link readPageToken} returns
 */
export function createPageToken(list: readonly string[], place: string): string {
  return Buffer.from(JSON.stringify([...list, place])).toString('base64url');
}

/**
 * The place that a token contains. A forged token can contain any place, so validate it.
 *
 * @returns undefined without a token
 * @throws {InvalidInputError} `INVALID_TOKEN`
 */
export function readPageToken(list: readonly string[], token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const parts = token.length <= MAX_TOKEN_LENGTH ? parse(token) : undefined;
  const place = Array.isArray(parts) ? parts.at(-1) : undefined;
  // The decoder ignores characters that are not base64url; such a token was changed.
  if (!Array.isArray(parts) || !isPlace(place) || createPageToken(parts.slice(0, -1), place) !== token) {
    throw invalidPageToken();
  }
  if (createPageToken(list, place) === token) return place;
  throw new InvalidInputError(
    'INVALID_TOKEN',
    'nextToken belongs to another list. Repeat the query that returned it. Only limit may differ.',
    { field: 'nextToken' },
  );
}

/** For a token with a place that cannot be in its list. */
export function invalidPageToken(): InvalidInputError {
  return new InvalidInputError(
    'INVALID_TOKEN',
    'nextToken is not valid. Send it unchanged, or omit it to start at the first page.',
    { field: 'nextToken' },
  );
}

function isPlace(place: unknown): place is string {
  return typeof place === 'string' && place !== '' && place.isWellFormed();
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
