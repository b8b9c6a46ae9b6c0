import type { FlowValue } from '@switchboard/core/flows';
import type { ActionModel, ParameterModel } from '#tools/flows/model/action-model.ts';

/** Faults in the parameters of an action. `${…}` is static, because the deployment replaces it. */
export function parameterFaults(parameters: Record<string, FlowValue>, model: ActionModel): string[] {
  const given = (model.oneOf ?? []).filter((name) => Object.hasOwn(parameters, name));
  return [
    ...(model.oneOf !== undefined && given.length !== 1
      ? [`Set exactly one of ${model.oneOf.join(' and ')}.`]
      : []),
    ...fieldFaults(parameters, model.parameters, ''),
  ];
}

function fieldFaults(
  values: Record<string, FlowValue>,
  models: Record<string, ParameterModel>,
  path: string,
): string[] {
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(models, name));
  return [
    ...unknown.map((name) => `The action has no parameter ${path}${name}. Remove it.`),
    ...Object.entries(models).flatMap(([name, model]) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined)
        return model.optional ? [] : [`The parameter ${path}${name} is missing. Add it.`];
      return valueFaults(value, model, `${path}${name}`);
    }),
  ];
}

function valueFaults(value: FlowValue, model: ParameterModel, path: string): string[] {
  switch (model.kind) {
    case 'object':
      return isMap(value) ? fieldFaults(value, model.fields, `${path}.`) : [`${path} must be an object.`];
    case 'list':
      return listFaults(value, model.of, path);
    case 'map':
      return mapFaults(value, model, path);
    default:
      return typeof value === 'string' ? textFaults(value, model, path) : [`${path} must be a string.`];
  }
}

function listFaults(value: FlowValue, of: Record<string, ParameterModel>, path: string): string[] {
  if (!Array.isArray(value) || value.length === 0)
    return [`${path} must be an array of at least one object.`];
  return value.flatMap((entry, index) =>
    isMap(entry) ? fieldFaults(entry, of, `${path}[${index}].`) : [`${path}[${index}] must be an object.`],
  );
}

function mapFaults(
  value: FlowValue,
  { keys, max }: ParameterModel & { kind: 'map' },
  path: string,
): string[] {
  if (typeof value === 'string' && PROMPT_TABLE.test(value)) return [];
  if (!isMap(value)) return [`${path} must be an object.`];
  const names = Object.keys(value);
  return [
    ...names
      .filter((name) => typeof value[name] !== 'string')
      .map((name) => `${path}.${name} must be a string.`),
    ...names
      .filter((name) => keys?.includes(name) === false)
      .map((name) => `${path}.${name} is not allowed. Use ${keys?.join(', ')}.`),
    ...(max !== undefined && names.length !== max ? [`${path} must have exactly ${max} entry.`] : []),
  ];
}

function textFaults(value: string, model: ParameterModel, path: string): string[] {
  const reference = REFERENCE.test(value);
  const dynamic = value.includes('$.');
  switch (model.kind) {
    case 'text':
      return value.trim() === '' ? [`${path} is empty. Write a sentence.`] : [];
    case 'reference':
      return reference ? [] : [`${path} must be one reference ($.…).`];
    case 'static-or-reference':
      return reference || (!dynamic && value !== '')
        ? []
        : [`${path} must be static, or one reference ($.…).`];
    case 'static':
      return !dynamic && value !== '' ? [] : [`${path} must be static: it cannot contain a reference ($.…).`];
    case 'choice':
      return model.values.includes(value)
        ? []
        : [`${path} has an invalid value. Use ${model.values.join(', ')}.`];
    case 'whole':
      return PLACEHOLDER.test(value) || isWhole(value, model.from, model.to)
        ? []
        : [`${path} must be a whole number from ${model.from} to ${model.to}, written as a string.`];
    default:
      throw new TypeError(`A parameter of kind ${model.kind} is not a string.`);
  }
}

function isWhole(value: string, from: number, to: number): boolean {
  return /^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to;
}

function isMap(value: FlowValue): value is Record<string, FlowValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole table of prompts. */
export const PROMPT_TABLE = /^\$\{Prompts\.\w+\}$/;
const PLACEHOLDER = /^\$\{\w+\}$/;
const REFERENCE = /^\$(\.[A-Za-z0-9_-]+)+$/;
