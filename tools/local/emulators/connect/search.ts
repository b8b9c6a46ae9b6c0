import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';
import type { ConnectUser } from './users.ts';

/** The supported search criteria of SearchUsers: string conditions, And, Or, and tag conditions. */
export function matchesSearch(user: ConnectUser, criteria: JsonObject, filter: JsonObject): boolean {
  return matchesCriteria(user, criteria) && matchesTags(user.Tags, objectAt(filter, 'TagFilter'));
}

function matchesCriteria(user: ConnectUser, criteria: JsonObject): boolean {
  const all = list(criteria.AndConditions);
  const any = list(criteria.OrConditions);
  if (!all.every((one) => matchesCriteria(user, one))) return false;
  if (any.length > 0 && !any.some((one) => matchesCriteria(user, one))) return false;
  return isObject(criteria.StringCondition) ? matchesText(user, criteria.StringCondition) : true;
}

function matchesText(user: ConnectUser, condition: JsonObject): boolean {
  const fields: Record<string, string | undefined> = {
    Username: user.Username,
    FirstName: user.IdentityInfo.FirstName,
    LastName: user.IdentityInfo.LastName,
    RoutingProfileId: user.RoutingProfileId,
    ResourceId: user.Id,
  };
  const actual = fields[textAt(condition, 'FieldName') ?? '']?.toLowerCase();
  const wanted = (textAt(condition, 'Value') ?? '').toLowerCase();
  if (actual === undefined) return false;
  switch (textAt(condition, 'ComparisonType')) {
    case 'STARTS_WITH':
      return actual.startsWith(wanted);
    case 'CONTAINS':
      return actual.includes(wanted);
    default:
      return actual === wanted;
  }
}

/** The supported parts of a TagFilter: one tag, or several required tags. */
export function matchesTags(tags: Record<string, string>, filter: JsonObject): boolean {
  const one = isObject(filter.TagCondition) ? [filter.TagCondition] : [];
  const conditions = [...one, ...list(filter.AndConditions)];
  return conditions.every((condition) => {
    const key = textAt(condition, 'TagKey') ?? '';
    const value = textAt(condition, 'TagValue');
    return key in tags && (value === undefined || tags[key] === value);
  });
}

function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
