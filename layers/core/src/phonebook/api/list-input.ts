import * as v from 'valibot';
import { pageParameters, readQuery } from '#core/platform/handlers/query-parameters.ts';
import { createPageToken, readPageToken } from '#core/platform/page-token.ts';

const STATES = ['UNUSED', 'RESERVED', 'ASSIGNED', 'QUARANTINED', 'BLOCKED'] as const;
const POOLS = ['extension', 'direct'] as const;

export interface ListNumbersInput {
  state: (typeof STATES)[number];
  pool: (typeof POOLS)[number];
  limit: number;
  after?: string;
}

const parameters = v.object({
  state: v.picklist(STATES, `state must be one of ${STATES.join(', ')}`),
  pool: v.picklist(POOLS, `pool must be one of ${POOLS.join(', ')}`),
  ...pageParameters({ maxLimit: 500, defaultLimit: 100 }),
});

/**
 * Parses the query of GET /phonebook/numbers.
 *
 * @throws {InvalidInputError} `INVALID_QUERY`, `UNKNOWN_FIELD`, or `INVALID_TOKEN`
 */
export function parseListQuery(request: Request): ListNumbersInput {
  const { nextToken, ...query } = readQuery(request, parameters);
  const after = readPageToken(tokenScope(query), nextToken);
  return after === undefined ? query : { ...query, after };
}

/** The response with a page. */
export function pageResponse<T>(
  query: ListNumbersInput,
  { numbers, next }: { numbers: T[]; next?: string },
): { numbers: T[]; nextToken?: string } {
  return next === undefined ? { numbers } : { numbers, nextToken: createPageToken(tokenScope(query), next) };
}

function tokenScope({ state, pool }: Pick<ListNumbersInput, 'state' | 'pool'>): string[] {
  return ['numbers', state, pool];
}
