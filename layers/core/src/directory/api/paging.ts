import * as v from 'valibot';
import { InvalidInputError } from '../../platform/errors.ts';

const STATES = ['UNUSED', 'RESERVED', 'ASSIGNED', 'QUARANTINED', 'BLOCKED'] as const;
const POOLS = ['extension', 'direct'] as const;
const LIMIT = 'limit must be a number from 1 to 500';

export interface NumbersQuery {
  state: (typeof STATES)[number];
  pool: (typeof POOLS)[number];
  limit: number;
  after?: string;
}

const parameters = {
  state: v.picklist(STATES, `state must be one of ${STATES.join(', ')}`),
  pool: v.picklist(POOLS, `pool must be one of ${POOLS.join(', ')}`),
  limit: v.optional(
    v.pipe(
      v.string(LIMIT),
      v.regex(/^\d{1,3}$/, LIMIT),
      v.transform(Number),
      v.minValue(1, LIMIT),
      v.maxValue(500, LIMIT),
    ),
    '100',
  ),
  nextToken: v.optional(v.string()),
};
const schema = v.object(parameters);

/**
 * Reads the query of GET /phonebook/numbers.
 *
 * @throws {InvalidInputError} `INVALID_QUERY`, `UNKNOWN_FIELD` or `INVALID_TOKEN`
 */
export function numbersQuery(search: URLSearchParams): NumbersQuery {
  for (const name of search.keys()) {
    if (!Object.hasOwn(parameters, name)) {
      const known = Object.keys(parameters).join(', ');
      throw new InvalidInputError('UNKNOWN_FIELD', `The query parameters are ${known}.`, { field: 'query' });
    }
    if (search.getAll(name).length > 1) throw invalid(`${name} is given more than once`, name);
  }
  const result = v.safeParse(schema, Object.fromEntries(search));
  if (!result.success) {
    const [issue] = result.issues;
    const field = String(issue.path?.[0].key);
    throw invalid(search.has(field) ? issue.message : `${field} is missing: ${issue.message}`, field);
  }
  const { nextToken, ...query } = result.output;
  return nextToken === undefined ? query : { ...query, after: placeOf(nextToken, query) };
}

/** A page as the API answers it: where the next one begins is a token that is good for this query only. */
export function answerPage<T>(
  { state, pool }: NumbersQuery,
  { numbers, next }: { numbers: T[]; next?: string },
): { numbers: T[]; nextToken?: string } {
  if (next === undefined) return { numbers };
  return { numbers, nextToken: tokenOf([state, pool, next]) };
}

/** Another limit may go with it; another state or pool would begin anywhere. */
function placeOf(nextToken: string, { state, pool }: Pick<NumbersQuery, 'state' | 'pool'>): string {
  const parts = nextToken.length <= 512 ? parse(nextToken) : undefined;
  // Whatever the decoder overlooked is not of ours either.
  if (!Array.isArray(parts) || typeof parts[2] !== 'string' || tokenOf(parts.slice(0, 3)) !== nextToken) {
    throw new InvalidInputError(
      'INVALID_TOKEN',
      'nextToken is none of ours. Send it as it was answered, or leave it out to begin anew.',
      { field: 'nextToken' },
    );
  }
  if (parts[0] !== state || parts[1] !== pool) {
    throw new InvalidInputError(
      'INVALID_TOKEN',
      'nextToken belongs to another query. Send the state and the pool that it was answered for.',
      { field: 'nextToken' },
    );
  }
  return parts[2];
}

function tokenOf(parts: unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function parse(nextToken: string): unknown {
  try {
    return JSON.parse(Buffer.from(nextToken, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function invalid(message: string, field: string): InvalidInputError {
  return new InvalidInputError('INVALID_QUERY', `${message}.`, { field });
}
