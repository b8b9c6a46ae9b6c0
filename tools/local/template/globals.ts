import { isObject, type Json, type JsonObject, objectAt, textAt } from '#tools/json.ts';

/** SAM's Globals merged into each resource: maps are merged, lists are added to, anything else is replaced. */
export function withGlobals(template: JsonObject): JsonObject {
  const globals = objectAt(template, 'Globals');
  const resources: JsonObject = {};
  for (const [logicalId, resource] of Object.entries(objectAt(template, 'Resources'))) {
    if (!isObject(resource)) continue;
    const kind = textAt(resource, 'Type')?.replace(/^AWS::Serverless::/, '') ?? '';
    const shared = globals[kind];
    resources[logicalId] =
      shared === undefined ? resource : { ...resource, Properties: merge(shared, resource.Properties ?? {}) };
  }
  return resources;
}

function merge(shared: Json, own: Json): Json {
  if (Array.isArray(shared) && Array.isArray(own)) return [...shared, ...own];
  if (!isObject(shared) || !isObject(own) || isIntrinsic(own)) return own;
  const merged: JsonObject = { ...shared };
  for (const [key, value] of Object.entries(own)) {
    const before = merged[key];
    merged[key] = before === undefined ? value : merge(before, value);
  }
  return merged;
}

function isIntrinsic(value: JsonObject): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0]?.startsWith('Fn::') === true);
}
