import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';

/**
 * Resolves the parameters of the template: the given values, or the defaults.
 *
 * @throws when a name is unknown, a value does not match its pattern, or one without a default is missing; all
 * faults at once
 */
export function resolveParameters(
  template: JsonObject,
  given: Record<string, string>,
): Record<string, string> {
  const declared = objectAt(template, 'Parameters');
  const faults = Object.keys(given)
    .filter((name) => !isObject(declared[name]))
    .map((name) => `there is no parameter ${name} (there are ${Object.keys(declared).join(', ')})`);
  const values: Record<string, string> = {};
  for (const name of Object.keys(declared)) {
    const declaration = objectAt(declared, name);
    const value = given[name] ?? declaration.Default;
    if (value === undefined || value === null) {
      faults.push(`the parameter ${name} has no value`);
      continue;
    }
    values[name] = String(value);
    const fault = findFault(declaration, String(value));
    if (fault) faults.push(`the parameter ${name} ${fault}`);
  }
  if (faults.length > 0) throw new Error(`template.yaml: ${faults.join('; ')}.`);
  return values;
}

function findFault(declaration: JsonObject, value: string): string | undefined {
  const pattern = textAt(declaration, 'AllowedPattern');
  if (pattern && !new RegExp(pattern).test(value)) {
    return textAt(declaration, 'ConstraintDescription') ?? `must match ${pattern}`;
  }
  const allowed = declaration.AllowedValues;
  if (Array.isArray(allowed) && !allowed.some((one) => String(one) === value)) {
    return `must be one of ${allowed.join(', ')}`;
  }
  if (declaration.Type !== 'Number') return undefined;
  const number = Number(value);
  const { MinValue = -Infinity, MaxValue = Infinity } = declaration;
  if (Number.isNaN(number) || number < Number(MinValue) || number > Number(MaxValue)) {
    return `must be a number from ${MinValue} to ${MaxValue}`;
  }
  return undefined;
}
