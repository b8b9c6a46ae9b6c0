import { InvalidInputError } from './errors.ts';

const LONGEST = 512;

/**
 * Where the next page of a list begins, as a text that is handed back as it is.
 *
 * @param list what is listed, with all that it was asked for: the token is good for nothing else
 * @param place for {@link placeIn} to give back
 */
export function pageToken(list: readonly string[], place: string): string {
  return Buffer.from(JSON.stringify([...list, place])).toString('base64url');
}

/**
 * The place that a token was made of. It is of this list and well-formed, but who forges tokens may put any place in.
 *
 * @returns undefined without a token
 * @throws {InvalidInputError} `INVALID_TOKEN`
 */
export function placeIn(list: readonly string[], token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const parts = token.length <= LONGEST ? parse(token) : undefined;
  const place = Array.isArray(parts) ? parts.at(-1) : undefined;
  // Whatever the decoder overlooked is not of ours either.
  if (!Array.isArray(parts) || !isPlace(place) || pageToken(parts.slice(0, -1), place) !== token) {
    throw notOurToken();
  }
  if (pageToken(list, place) === token) return place;
  throw new InvalidInputError(
    'INVALID_TOKEN',
    'nextToken belongs to another list. Send with it what it was answered for; only limit may be another.',
    { field: 'nextToken' },
  );
}

/** For a place that is none in its list. */
export function notOurToken(): InvalidInputError {
  return new InvalidInputError(
    'INVALID_TOKEN',
    'nextToken is none of ours. Send it as it was answered, or leave it out to begin anew.',
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
