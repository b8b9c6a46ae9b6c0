// The template for tests: as written (with intrinsic functions in their long form), and evaluated.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, objectAt } from '#tools/json.ts';
import { readTemplate } from '#tools/local/template/index.ts';
import { parseTemplate } from '#tools/local/template/parse.ts';
import { root } from './root.ts';

export const text = readFileSync(join(root, 'template.yaml'), 'utf8');
export const written = parseTemplate(text);
export const resources = objectAt(written, 'Resources');

const evaluated = readTemplate(root, { parameters: { ExportBucket: 'agents-export' } });

/** The resources of a type, as written, by logical ID. */
export function ofType(type: string): [id: string, properties: JsonObject, resource: JsonObject][] {
  return Object.entries(resources).flatMap(([id, resource]) =>
    isObject(resource) && resource.Type === type ? [[id, objectAt(resource, 'Properties'), resource]] : [],
  );
}

export const functionIds = ofType('AWS::Serverless::Function').map(([id]) => id);
export const functionFolders = folders('functions');

/** `caller-lookup` for `CallerLookupFunction`. */
export function folderOf(functionId: string): string {
  return functionId
    .replace(/Function$/, '')
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`)
    .toLowerCase();
}

export function propertiesOf(id: string): JsonObject {
  return objectAt(objectAt(resources, id), 'Properties');
}

/** With Globals merged and intrinsic functions evaluated. */
export function evaluatedPropertiesOf(id: string): JsonObject {
  return evaluated.resources.find(({ logicalId }) => logicalId === id)?.properties ?? {};
}

export interface Statement {
  actions: string[];
  resources: string[];
}

/** The statements of a role. */
export function statementsOf(roleId: string): Statement[] {
  const policies = evaluatedPropertiesOf(roleId).Policies;
  return list(policies)
    .flatMap((policy) => list(objectAt(policy, 'PolicyDocument').Statement))
    .filter(isObject)
    .map((statement) => ({
      actions: list(statement.Action).map(String),
      resources: list(statement.Resource).map(String),
    }));
}

export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function folders(path: string): string[] {
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
