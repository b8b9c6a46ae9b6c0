import * as v from 'valibot';
import { InvalidInputError } from '#core/platform/errors.ts';

/**
 * Reads the query parameters of a request. Each may occur once.
 *
 * @throws {InvalidInputError} `UNKNOWN_FIELD` about `query`, which names the valid parameters, or
 * `INVALID_QUERY` about the one that is invalid or missing
 */
export function readQuery<Entries extends v.ObjectEntries>(
  { url }: Pick<Request, 'url'>,
  schema: v.ObjectSchema<Entries, undefined>,
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
  const search = new URL(url).searchParams;
  for (const name of search.keys()) {
    if (!Object.hasOwn(schema.entries, name)) {
      const known = Object.keys(schema.entries).join(', ');
      throw new InvalidInputError('UNKNOWN_FIELD', `A query may have: ${known}.`, { field: 'query' });
    }
    if (search.getAll(name).length > 1) throw invalid(`${name} is given more than once`, name);
  }
  const result = v.safeParse(schema, Object.fromEntries(search));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = String(issue.path?.[0].key);
  throw invalid(search.has(field) ? issue.message : `${field} is missing`, field);
}

/** The parameters of a list with pages: the size of a page, and the token of the next page. */
export function pageParameters({ maxLimit, defaultLimit }: { maxLimit: number; defaultLimit: number }) {
  const sentence = `limit must be a number from 1 to ${maxLimit}`;
  const number = v.pipe(
    v.string(sentence),
    v.regex(/^\d{1,4}$/, sentence),
    v.transform(Number),
    v.minValue(1, sentence),
    v.maxValue(maxLimit, sentence),
  );
  return { limit: v.optional(number, String(defaultLimit)), nextToken: v.optional(v.string()) };
}

function invalid(message: string, field: string): InvalidInputError {
  return new InvalidInputError('INVALID_QUERY', `${message}.`, { field });
}
