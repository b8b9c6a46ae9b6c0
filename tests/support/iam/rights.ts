import { isObject, type JsonObject, objectAt } from '../../../local/template/index.ts';
import type { ExpandedResource } from './expand.ts';

/** One action on one resource, a pattern where a role grants it. */
export interface Right {
  action: string;
  resource: string;
}

/** Every action with every resource that a role allows, one by one. */
export function grantsOf(role: ExpandedResource): Right[] {
  return list(role.properties.Policies)
    .flatMap((policy) => list(objectAt(policy, 'PolicyDocument').Statement))
    .filter(isObject)
    .flatMap((statement) => {
      refuseUnusual(role.id, statement);
      return list(statement.Action).flatMap((action) =>
        list(statement.Resource).map((resource) => ({ action: String(action), resource: String(resource) })),
      );
    });
}

/** Only what these tests understand may be written: an Allow of named actions on named resources. */
function refuseUnusual(id: string, statement: JsonObject): void {
  const unusual = Object.keys(statement).filter(
    (key) => !['Sid', 'Effect', 'Action', 'Resource'].includes(key),
  );
  if (unusual.length > 0 || statement.Effect !== 'Allow') {
    throw new Error(`${id} has a statement that is not a plain Allow (${unusual.join(', ')}).`);
  }
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

/** As IAM matches: actions in any case, `*` and `?` in a resource for any characters, everything else exactly. */
function covers(grant: Right, right: Right): boolean {
  if (grant.action.toLowerCase() !== right.action.toLowerCase()) return false;
  const pattern = grant.resource
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(right.resource);
}

export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
