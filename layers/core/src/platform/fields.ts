import * as v from 'valibot';
import { InvalidInputError } from './errors.ts';

/**
 * Checks an object against a schema. Unknown fields are refused, even those an object inherits a member for. The error
 * names the first of them, as an answer to who sent it: what somebody calls a field is not ours, so it is not kept.
 *
 * @throws {InvalidInputError} `UNKNOWN_FIELD` or `INVALID_BODY`
 */
export function checked<Entries extends v.ObjectEntries>(
  schema: v.ObjectSchema<Entries, undefined>,
  input: unknown,
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new InvalidInputError('INVALID_BODY', 'The body must be a JSON object.');
  }
  const unknown = Object.keys(input).find((name) => !Object.hasOwn(schema.entries, name));
  if (unknown !== undefined) {
    const field = wellFormed(unknown);
    throw new InvalidInputError('UNKNOWN_FIELD', `The field "${field}" is not known.`, { field });
  }
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = fieldOf(issue.path ?? []);
  const fault = Object.hasOwn(input, String(issue.path?.[0].key)) ? issue.message : 'is missing';
  throw new InvalidInputError('INVALID_BODY', `${field} ${fault}.`, { field });
}

/** The first 64 characters, none of them cut in half: what is not well-formed cannot be written down. */
function wellFormed(name: string): string {
  return [...name.slice(0, 128)].slice(0, 64).join('').toWellFormed();
}

function fieldOf(path: readonly { key: unknown }[]): string {
  return path
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
