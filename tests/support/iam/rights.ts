import { isObject, type JsonObject, objectAt } from '#tools/json.ts';
import type { ExpandedResource } from './expand.ts';

/** One action on one resource, a pattern where a role grants it. */
export interface Right {
  action: string;
  resource: string;
  /** The partition key of an item of DynamoDB; in a grant a pattern, and none means any. */
  leadingKey?: string;
}

/** Every action with every resource that a role allows, and every pattern of keys, one by one. */
export function grantsOf(role: ExpandedResource): Right[] {
  return list(role.properties.Policies)
    .flatMap((policy) => list(objectAt(policy, 'PolicyDocument').Statement))
    .filter(isObject)
    .flatMap((statement) => {
      refuseUnusual(role.id, statement);
      const keys = leadingKeysOf(statement);
      return list(statement.Action).flatMap((action) =>
        list(statement.Resource).flatMap((resource) => {
          const right = { action: String(action), resource: String(resource) };
          return keys ? keys.map((leadingKey) => ({ ...right, leadingKey })) : [right];
        }),
      );
    });
}

/** Only what these tests understand may be written: an Allow of named actions on named resources, or items. */
function refuseUnusual(id: string, statement: JsonObject): void {
  const unusual = Object.keys(statement).filter(
    (key) =>
      !['Sid', 'Effect', 'Action', 'Resource'].includes(key) &&
      !(key === 'Condition' && leadingKeysOf(statement)),
  );
  if (unusual.length > 0 || statement.Effect !== 'Allow') {
    throw new Error(`${id} has a statement that is not a plain Allow (${unusual.join(', ')}).`);
  }
}

/** Requests that name one item, so that IAM knows its key: the condition also holds where there is none. */
const OF_ONE_ITEM = new Set(
  ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map((name) => `dynamodb:${name}`),
);

/** The only condition that is understood: patterns of partition keys, for actions on one item. */
function leadingKeysOf({ Condition, Action }: JsonObject): string[] | undefined {
  if (!isObject(Condition) || !list(Action).every((action) => OF_ONE_ITEM.has(String(action))))
    return undefined;
  const patterns = list(objectAt(Condition, 'ForAllValues:StringLike')['dynamodb:LeadingKeys']).map(String);
  const only = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns } };
  return patterns.length > 0 && JSON.stringify(Condition) === JSON.stringify(only) ? patterns : undefined;
}

export interface Difference {
  /** Used, but no grant covers it: the function would be refused. */
  notGranted: Right[];
  /** Granted, but nothing uses it. */
  notUsed: Right[];
}

/** Compares what a role grants with what is used, both ways. */
export function compareRights(grants: readonly Right[], used: readonly Right[]): Difference {
  return {
    notGranted: used.filter((right) => !grants.some((grant) => covers(grant, right))),
    notUsed: grants.filter((grant) => !used.some((right) => covers(grant, right))),
  };
}

/** As IAM matches: actions in any case, `*` and `?` in a resource or key for any characters, everything else exactly. */
function covers(grant: Right, right: Right): boolean {
  if (grant.action.toLowerCase() !== right.action.toLowerCase()) return false;
  if (!matches(grant.resource, right.resource)) return false;
  if (grant.leadingKey === undefined) return true;
  return right.leadingKey !== undefined && matches(grant.leadingKey, right.leadingKey);
}

function matches(wildcards: string, text: string): boolean {
  const pattern = wildcards
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(text);
}

export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
