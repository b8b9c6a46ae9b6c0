import { MIN_NAME_KEYS } from './keypad.ts';
import type { WriteAction } from './table.ts';

/**
 * The most rows of one agent: a first name has two spellings, a last name four, and each pair makes one more. Two sets
 * fit into a transaction of 100 items, with the agent and two numbers.
 */
export const MAX_SPELLINGS = 2 + 4 + 2 * 4;

/** The partition of all spellings that begin with the same keys. */
export function namePartition(keys: string): string {
  return `NAME#${keys.slice(0, MIN_NAME_KEYS)}`;
}

/** "#" sorts before every digit, so an exact match comes before the longer spellings. */
export function nameRowKey(spelling: string, agentId: string) {
  return { pk: namePartition(spelling), sk: `${spelling}#${agentId}` };
}

/** Undefined for an item that is not a row of a name. */
export function agentIdOfRow({ sk }: Record<string, unknown>): string | undefined {
  if (typeof sk !== 'string' || !sk.includes('#')) return undefined;
  return sk.slice(sk.indexOf('#') + 1);
}

/**
 * Replaces the rows of an agent's old spellings by the rows of the new ones. Rows of both stay. The actions belong into
 * the transaction that writes the new spellings to the agent.
 */
export function replaceNameRows(
  table: string,
  agentId: string,
  before: readonly string[],
  after: readonly string[],
): WriteAction[] {
  const removed = before.filter((spelling) => !after.includes(spelling));
  const added = after.filter((spelling) => !before.includes(spelling));
  return [
    ...removed.map((spelling) => ({ Delete: { TableName: table, Key: nameRowKey(spelling, agentId) } })),
    ...added.map((spelling) => ({ Put: { TableName: table, Item: nameRowKey(spelling, agentId) } })),
  ];
}
