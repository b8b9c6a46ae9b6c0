import { isObject, type Json } from '#tools/json.ts';

/** The scope of an expression of the template. */
export interface Scope {
  /** Parameters, pseudo parameters and resources; undefined when there is nothing of that name. */
  ref(name: string): string | undefined;
  attribute(logicalId: string, attribute: string): string | undefined;
  condition(name: string): boolean;
}

/** The value of `AWS::NoValue`. */
const NOTHING = Symbol('AWS::NoValue');
type Resolved = Json | typeof NOTHING;

/** Evaluates every intrinsic function in a value. */
export function resolveValue(value: Json, scope: Scope): Json {
  const resolved = evaluate(value, scope);
  return resolved === NOTHING ? null : resolved;
}

function evaluate(value: Json, scope: Scope): Resolved {
  if (Array.isArray(value)) {
    return value.map((entry) => evaluate(entry, scope)).filter((entry) => entry !== NOTHING);
  }
  if (!isObject(value)) return value;
  const [key, ...others] = Object.keys(value);
  if (key !== undefined && others.length === 0 && isFunction(key)) {
    return call(key, value[key] ?? null, scope);
  }
  const result: { [key: string]: Json } = {};
  for (const [name, entry] of Object.entries(value)) {
    const resolved = evaluate(entry, scope);
    if (resolved !== NOTHING) result[name] = resolved;
  }
  return result;
}

function isFunction(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function call(name: string, argument: Json, scope: Scope): Resolved {
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? NOTHING : reference(String(argument), scope);
    case 'Fn::GetAtt':
      return attribute(argument, scope);
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::If': {
      const [condition, yes = null, no = null] = list(name, argument);
      return evaluate(scope.condition(String(condition)) ? yes : no, scope);
    }
    case 'Fn::Join': {
      const [separator, parts = []] = list(name, resolveValue(argument, scope));
      return list(name, parts).join(String(separator));
    }
    case 'Fn::Select': {
      const [index, parts = []] = list(name, resolveValue(argument, scope));
      return list(name, parts)[Number(index)] ?? null;
    }
    case 'Fn::Split': {
      const [separator, text] = list(name, resolveValue(argument, scope));
      return String(text).split(String(separator));
    }
    case 'Fn::Equals':
    case 'Fn::Not':
    case 'Fn::And':
    case 'Fn::Or':
      return evaluateCondition({ [name]: argument }, scope);
    default:
      throw new Error(`template.yaml uses ${name}, which npm start cannot evaluate.`);
  }
}

/** The value of a condition's expression. */
export function evaluateCondition(expression: Json, scope: Scope): boolean {
  if (!isObject(expression)) return expression === true || expression === 'true';
  const [name = '', argument = null] = Object.entries(expression)[0] ?? [];
  const each = () => list(name, argument).map((one) => evaluateCondition(one, scope));
  switch (name) {
    case 'Condition':
      return scope.condition(String(argument));
    case 'Fn::Not':
      return each()[0] === false;
    case 'Fn::And':
      return each().every(Boolean);
    case 'Fn::Or':
      return each().some(Boolean);
    case 'Fn::Equals': {
      const [left, right] = list(name, resolveValue(argument, scope));
      return String(left) === String(right);
    }
    default:
      throw new Error(`template.yaml has a condition with ${name}, which npm start cannot evaluate.`);
  }
}

function reference(name: string, scope: Scope): string {
  const value = scope.ref(name);
  if (value === undefined) throw new Error(`template.yaml refers to ${name}, which it does not define.`);
  return value;
}

function attribute(argument: Json, scope: Scope): string {
  const [logicalId, name] = list('Fn::GetAtt', argument).map(String);
  const value = scope.attribute(logicalId ?? '', name ?? '');
  if (value === undefined) {
    throw new Error(`template.yaml uses ${logicalId}.${name}, which npm start does not support.`);
  }
  return value;
}

function substitute(argument: Json, scope: Scope): string {
  const [text = '', local = {}] = Array.isArray(argument) ? argument : [argument];
  return String(text).replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
    const own = isObject(local) ? local[name] : undefined;
    if (own !== undefined) return String(resolveValue(own, scope));
    const dot = name.indexOf('.');
    if (dot === -1) return reference(name, scope);
    return attribute([name.slice(0, dot), name.slice(dot + 1)], scope);
  });
}

function list(name: string, value: Json): Json[] {
  if (!Array.isArray(value)) throw new Error(`template.yaml: ${name} takes a list.`);
  return value;
}
