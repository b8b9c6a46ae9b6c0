import { isObject, type Json } from '#tools/json.ts';

/**
 * Checks whether an event matches an EventBridge pattern or a stream filter. A leaf is a list of allowed values. A value is
 * literal or `{prefix | suffix | anything-but | exists | numeric | equals-ignore-case}`.
 *
 * @throws if the pattern uses another operator, so that no event is delivered by mistake
 */
export function matchesEventPattern(pattern: Json, event: unknown): boolean {
  if (!isObject(pattern)) throw new Error('An event pattern is an object.');
  return Object.entries(pattern).every(([key, expected]) => {
    if (key === '$or' && Array.isArray(expected))
      return expected.some((one) => matchesEventPattern(one, event));
    const actual = isObject(event) ? event[key] : undefined;
    return Array.isArray(expected)
      ? matchesAny(expected, actual)
      : matchesEventPattern(expected, actual ?? {});
  });
}

function matchesAny(expected: Json[], actual: unknown): boolean {
  const values = Array.isArray(actual) && actual.length > 0 ? actual : [actual];
  return expected.some((rule) => values.some((value) => matchesValue(rule, value)));
}

function matchesValue(rule: Json, value: unknown): boolean {
  if (!isObject(rule)) return rule === value;
  const [name, operand] = Object.entries(rule)[0] ?? [];
  switch (name) {
    case 'exists':
      return operand === (value !== undefined);
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(operand));
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase();
    case 'anything-but':
      return (
        value !== undefined &&
        !(Array.isArray(operand) ? operand : [operand ?? null]).some((one) => matchesValue(one, value))
      );
    case 'numeric':
      return typeof value === 'number' && matchesNumber(Array.isArray(operand) ? operand : [], value);
    default:
      throw new Error(`An event pattern uses ${name}, which npm start does not support.`);
  }
}

function matchesNumber(comparisons: Json[], value: number): boolean {
  for (let index = 0; index < comparisons.length; index += 2) {
    const limit = Number(comparisons[index + 1]);
    const holds: Record<string, boolean> = {
      '=': value === limit,
      '<': value < limit,
      '<=': value <= limit,
      '>': value > limit,
      '>=': value >= limit,
    };
    if (!holds[String(comparisons[index])]) return false;
  }
  return comparisons.length > 0;
}
