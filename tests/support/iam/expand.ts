import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '#support/packaging/tools.ts';
import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';
import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';
import { resolveValue, type Scope } from '#tools/local/template/intrinsics.ts';
import { PSEUDO_PARAMETERS, resolveAttribute, resolveRef } from '#tools/local/template/names.ts';
import { resolveParameters } from '#tools/local/template/parameters.ts';
import { parseTemplate } from '#tools/local/template/parse.ts';

/** A resource of the expanded template whose condition holds, with every intrinsic function evaluated. */
export interface ExpandedResource {
  id: string;
  type: string;
  properties: JsonObject;
}

export interface Expansion {
  parameters: Record<string, string>;
  /** Whether each condition of the template holds. */
  conditions: Record<string, boolean>;
  resources: ExpandedResource[];
  /** The expanded template as it would be stored. */
  body: string;
}

export interface Expanded {
  expansions: Expansion[];
  /** Which types of resources an action has in IAM; null for one that AWS does not know. */
  authorization: Record<string, string[] | null>;
}

/** Expands template.yaml by SAM's own translator, once for each set of parameters. */
export function expandTemplate(root: string, sets: readonly Record<string, string>[]): Expanded {
  const template = parseTemplate(readFileSync(join(root, 'template.yaml'), 'utf8'));
  const all = sets.map((set) =>
    resolveParameters(template, { ConnectInstanceArn: CONNECT_INSTANCE_ARN, ...set }),
  );
  const input = { templates: all.map((parameters) => ({ template: withArtifacts(template), parameters })) };
  const { expanded, authorization } = JSON.parse(
    runTool('python', [join(root, 'tests/support/iam/expand.py')], { input: JSON.stringify(input) }),
  ) as { expanded: JsonObject[]; authorization: Expanded['authorization'] };
  const expansions = expanded.map((body, index) => evaluated(body, template, all[index] ?? {}));
  return { expansions, authorization };
}

/** The translator wants the code in S3, where it is when CloudFormation sees the template. */
function withArtifacts(template: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(template), (key, value) =>
    key === 'CodeUri' || key === 'ContentUri' ? `s3://artifacts/${value}` : value,
  );
}

function evaluated(body: JsonObject, template: JsonObject, parameters: Record<string, string>): Expansion {
  const definitions = objectAt(body, 'Resources');
  const scope = scopeOf(definitions, objectAt(template, 'Conditions'), parameters);
  const resources = Object.entries(definitions).flatMap(([id, definition]): ExpandedResource[] => {
    if (!isObject(definition)) return [];
    const condition = textAt(definition, 'Condition');
    if (condition !== undefined && !scope.condition(condition)) return [];
    const properties = resolveValue(objectAt(definition, 'Properties'), scope);
    return [
      { id, type: textAt(definition, 'Type') ?? '', properties: isObject(properties) ? properties : {} },
    ];
  });
  const names = Object.keys(objectAt(template, 'Conditions'));
  const conditions = Object.fromEntries(names.map((name) => [name, scope.condition(name)]));
  return { parameters, conditions, resources, body: JSON.stringify(body) };
}

/** Names as one machine gives them; what one machine does not know is called by its place in the template. */
function scopeOf(definitions: JsonObject, conditions: JsonObject, parameters: Record<string, string>): Scope {
  const known = Object.fromEntries(
    Object.entries(definitions).map(([id, definition]) => [id, { Type: writtenType(definition) }]),
  );
  const scope: Scope = {
    ref: (name) => parameters[name] ?? PSEUDO_PARAMETERS[name] ?? resolveRef(known, {}, name),
    attribute: (id, name) =>
      resolveAttribute(known, {}, id, name) ?? (id in known ? `${id}.${name}` : undefined),
    condition(name) {
      const value = resolveValue(conditions[name] ?? null, scope);
      if (typeof value !== 'boolean') throw new Error(`The template has no condition ${name}.`);
      return value;
    },
  };
  return scope;
}

function writtenType(definition: unknown): string {
  const type = isObject(definition) ? (textAt(definition, 'Type') ?? '') : '';
  return type === 'AWS::Lambda::Function' ? 'AWS::Serverless::Function' : type;
}
