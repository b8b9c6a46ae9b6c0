import { isObject } from '#tools/json.ts';
import { FlowError } from './playable-flow.ts';

/** What a flow can read, by the first name of a reference: `$.Attributes.tier` reads `Attributes`. */
export type FlowData = Readonly<Record<string, unknown>>;

const NAME = String.raw`\.[A-Za-z_][\w-]*|\['[^']*'\]|\["[^"]*"\]`;
const REFERENCE = new RegExp(String.raw`\$(?:${NAME})+`, 'g');
const WHOLE = new RegExp(String.raw`^\$(?:${NAME})+$`);

/**
 * A text with each reference in it replaced by its value. A value that is not there is an empty text, as in a prompt
 * of Connect.
 *
 * @throws {FlowError} names a reference outside of what a flow can read
 */
export function resolveText(text: string, data: FlowData): string {
  return text.replace(REFERENCE, (reference) => resolve(reference, data) ?? '');
}

/**
 * The value of a parameter that is either a constant or a single reference; undefined when the reference has none.
 *
 * @throws {FlowError} as `resolveText`
 */
export function resolveValue(text: string, data: FlowData): string | undefined {
  return WHOLE.test(text) ? resolve(text, data) : resolveText(text, data);
}

function resolve(reference: string, data: FlowData): string | undefined {
  const [first = '', ...rest] = namesOf(reference);
  if (!Object.hasOwn(data, first)) {
    const known = Object.keys(data).join(', ');
    throw new FlowError(`"${reference}" is nothing that the player knows; after "$." comes one of ${known}.`);
  }
  const value = rest.reduce<unknown>(
    (found, name) => (isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined),
    data[first],
  );
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function namesOf(reference: string): string[] {
  const names = reference.matchAll(/\.([A-Za-z_][\w-]*)|\['([^']*)'\]|\["([^"]*)"\]/g);
  return [...names].map(([, plain, single, double]) => plain ?? single ?? double ?? '');
}
