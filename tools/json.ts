export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at a key, or an empty one. */
export function objectAt(value: unknown, key: string): JsonObject {
  const entry = isObject(value) ? value[key] : undefined;
  return isObject(entry) ? entry : {};
}

export function textAt(value: JsonObject, key: string): string | undefined {
  const entry = value[key];
  return typeof entry === 'string' ? entry : undefined;
}

export function numberAt(value: JsonObject, key: string): number | undefined {
  const entry = value[key];
  if (typeof entry === 'number') return entry;
  return typeof entry === 'string' && /^-?\d+$/.test(entry) ? Number(entry) : undefined;
}
