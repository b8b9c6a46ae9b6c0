/**
 * The expressions that read only these attributes. Every attribute has a placeholder, so names may be reserved words.
 *
 * @example new GetCommand({ TableName, Key, ...projection('pk', 'state') })
 */
export function projection(...names: string[]) {
  return {
    ProjectionExpression: names.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
  };
}
