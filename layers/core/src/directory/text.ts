/** The text of an attribute; empty when there is none, whatever wrote the item. */
export function textAttribute(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
