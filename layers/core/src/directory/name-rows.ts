import { MIN_NAME_KEYS } from './keypad.ts';
import type { WriteAction } from './table.ts';

/**
 * An agent has no more rows: a first name has two spellings, a last name two times two, and there is what both make
 * together. Two sets of them fit into a transaction of 100 items with the agent and two numbers.
 */
export const MAX_SPELLINGS = 2 + 4 + 2 * 4;

/** The partition of all spellings that begin with the same first keys. */
export function namePartition(keys: string): string {
  return `NAME#${keys.slice(0, MIN_NAME_KEYS)}`;
}

/** "#" sorts before every digit: who is spelled exactly as keyed comes before whose spelling goes on. */
export function nameRowKey(spelling: string, agentId: string) {
  return { pk: namePartition(spelling), sk: `${spelling}#${agentId}` };
}

/** Undefined for a row that is none, whatever wrote it. */
export function agentIdOfRow({ sk }: Record<string, unknown>): string | undefined {
  if (typeof sk !== 'string' || !sk.includes('#')) return undefined;
  return sk.slice(sk.indexOf('#') + 1);
}

/**
 * The writes that turn an agent's rows from one set of spellings into another; rows in both are left alone. They go
 * into the transaction that writes the agent item, which names the new set.
 */
export function replaceNameRows(
  table: string,
  agentId: string,
  before: readonly string[],
  after: readonly string[],
): WriteAction[] {
  const gone = before.filter((spelling) => !after.includes(spelling));
  const come = after.filter((spelling) => !before.includes(spelling));
  return [
    ...gone.map((spelling) => ({ Delete: { TableName: table, Key: nameRowKey(spelling, agentId) } })),
    ...come.map((spelling) => ({ Put: { TableName: table, Item: nameRowKey(spelling, agentId) } })),
  ];
}
