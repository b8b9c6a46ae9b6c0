import type { Condition } from './conditions.ts';

export interface UpdateParts {
  /** The attributes to set. One whose value is undefined is removed. */
  set?: Record<string, unknown>;
  remove?: readonly string[];
  /** The numbers to add to attributes. A missing attribute counts as 0. */
  add?: Record<string, number>;
  /** The condition: from `ifAttributesAre`, or written by hand. */
  when?: Condition | undefined;
}

export interface UpdateExpression {
  UpdateExpression: string;
  ConditionExpression?: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/**
 * The expressions of an update. Every attribute has a placeholder, so names may be reserved words.
 *
 * @throws {RangeError} when there is nothing to update, or a condition's placeholder means something else than the
 * update's
 *
 * @example
 * new UpdateCommand({
 *   TableName, Key,
 *   ...updateExpression({ set: { state: 'SENT', claim: undefined }, add: { version: 1 }, when: ifAttributesAre({ claim }) }),
 * });
 */
export function updateExpression({ set = {}, remove = [], add = {}, when }: UpdateParts): UpdateExpression {
  const values = { ...set, ...add };
  const assigned = Object.keys(set).filter((name) => set[name] !== undefined);
  const removed = [...new Set([...Object.keys(set).filter((name) => set[name] === undefined), ...remove])];
  const added = Object.keys(add);
  const clauses = [
    clause('SET', assigned, (name) => `#${name} = :${name}`),
    clause('REMOVE', removed, (name) => `#${name}`),
    clause('ADD', added, (name) => `#${name} :${name}`),
  ].filter((text) => text !== '');
  if (clauses.length === 0) throw new RangeError('An update needs an attribute to set, remove or add to.');
  const names = [...assigned, ...removed, ...added].map((name) => [`#${name}`, name]);
  const attributeValues = merge(
    Object.fromEntries([...assigned, ...added].map((name) => [`:${name}`, values[name]])),
    when?.ExpressionAttributeValues,
  );
  return {
    UpdateExpression: clauses.join(' '),
    ...(when ? { ConditionExpression: when.ConditionExpression } : {}),
    ExpressionAttributeNames: merge(Object.fromEntries(names), when?.ExpressionAttributeNames),
    // DynamoDB rejects an empty map.
    ...(Object.keys(attributeValues).length > 0 ? { ExpressionAttributeValues: attributeValues } : {}),
  };
}

function clause(keyword: string, names: string[], expression: (name: string) => string): string {
  return names.length === 0 ? '' : `${keyword} ${names.map(expression).join(', ')}`;
}

function merge<Value>(own: Record<string, Value>, more: Record<string, Value> = {}): Record<string, Value> {
  for (const [placeholder, value] of Object.entries(more)) {
    if (placeholder in own && own[placeholder] !== value) {
      throw new RangeError(`The placeholder ${placeholder} has two meanings in one update.`);
    }
  }
  return { ...own, ...more };
}
