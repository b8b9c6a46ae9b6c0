import { isObject } from '#tools/json.ts';
import { FlowError } from './playable-flow.ts';

/** The data of a call by namespace: `$.Attributes.tier` reads `Attributes`. */
export type FlowData = Readonly<Record<string, unknown>>;

const NAME = String.raw`\.[A-Za-z_][\w-]*|\['[^']*'\]|\["[^"]*"\]`;
const REFERENCE = new RegExp(String.raw`\$(?:${NAME})+`, 'g');
const WHOLE = new RegExp(String.raw`^\$(?:${NAME})+$`);

/**
 * Replaces each reference in a text by its value. As in a Connect prompt, a missing value becomes an empty string.
 *
 * @throws {FlowError} if the namespace of a reference does not exist
 */
export function resolveText(text: string, data: FlowData): string {
  return text.replace(REFERENCE, (reference) => resolve(reference, data) ?? '');
}

/**
 * Resolves a parameter that is a constant or a single reference; undefined if the reference has no value.
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
    throw new FlowError(
      `The player does not know the reference "${reference}". After "$.", use one of ${known}.`,
    );
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
