import { createHash } from 'node:crypto';

/**
 * A hash of what a flow does. It ignores the order of keys and the positions of blocks on the console's canvas
 * (`Metadata`).
 *
 * @param content in the flow language, as Connect shows it
 */
export function hashFlowContent(content: string): string {
  return createHash('sha256')
    .update(JSON.stringify(normalize(parse(content))))
    .digest('hex');
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    // Only a person can have written it.
    if (error instanceof SyntaxError) return content;
    throw error;
  }
}

function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'Metadata');
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, normalize(entry)]));
}
