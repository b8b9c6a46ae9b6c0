import * as v from 'valibot';
import { InvalidInputError } from './errors.ts';

/**
 * Parses an object by a schema. Rejects unknown fields, including `constructor`. The error names the field for the client;
 * do not store that name.
 *
 * @param within the field of the body that has the object; without it, the object is the body
 * @throws {InvalidInputError} `UNKNOWN_FIELD` or `INVALID_BODY`
 */
export function parseBody<Entries extends v.ObjectEntries>(
  schema: v.ObjectSchema<Entries, undefined>,
  input: unknown,
  within?: string,
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    if (within === undefined) throw new InvalidInputError('INVALID_BODY', 'The body must be a JSON object.');
    throw new InvalidInputError('INVALID_BODY', `${within} must be an object.`, { field: within });
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
  const fault = isMissing(issue) ? 'is missing' : issue.message;
  throw new InvalidInputError('INVALID_BODY', `${field} ${fault}.`, { field });
}

/** Whether a field is missing, at any depth. The library's message for a missing field is not clear to clients. */
function isMissing({ path }: v.BaseIssue<unknown>): boolean {
  const last = path?.at(-1);
  return last?.type === 'object' && !Object.hasOwn(last.input, String(last.key));
}

/** The first 64 characters, none of them cut in half: text that is not well formed cannot be sent. */
function wellFormed(name: string): string {
  return [...name.slice(0, 128)].slice(0, 64).join('').toWellFormed();
}

function fieldOf(path: readonly { key: unknown }[]): string {
  return path
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
