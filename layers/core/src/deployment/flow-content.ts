import { createHash } from 'node:crypto';

/**
 * A hash of what a flow does: the same for the same flow in another order of keys, or with other places of its blocks
 * on the console's canvas (`Metadata`).
 *
 * @param content the flow language, as Connect has it
 */
export function contentHash(content: string): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(parsed(content))))
    .digest('hex');
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    // Not ours in any case.
    if (error instanceof SyntaxError) return content;
    throw error;
  }
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'Metadata');
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, canonical(entry)]));
}
