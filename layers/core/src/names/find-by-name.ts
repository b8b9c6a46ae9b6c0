import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Agent, agentFromItem, agentKey, displayName, extensionOf } from '#core/directory/agents.ts';
import { agentIdOfRow, MAX_SPELLINGS, namePartition } from '#core/directory/name-rows.ts';
import type { Directory } from '#core/directory/table.ts';
import { UnavailableError } from '#core/platform/errors.ts';

/** An agent whose name was keyed. */
export interface NameMatch {
  agentId: string;
  displayName: string;
  extension: string;
}

export interface NameMatches {
  matches: NameMatch[];
  /** There are others. */
  more: boolean;
}

/** A caller does not listen to more names than that. */
const MOST_MATCHES = 3;
/** Agents to read at once. More than this are put in order by their spelling alone, not by name. */
const MOST_CANDIDATES = 12;
/** One page, however many agents are named alike. It tells of all of them, or of more than are answered. */
const MOST_ROWS = 7 * MAX_SPELLINGS;

/**
 * Finds agents by keys, in two round trips: the rows say where to look, the agents are the truth. An agent counts
 * when its own item still has such a spelling, and an extension.
 *
 * @param keys as `readKeys` gives them
 * @returns who is spelled exactly like that first, then by last and first name
 * @throws {UnavailableError} when DynamoDB left some agents unread
 */
export async function findByKeys(
  { client, table }: Directory,
  keys: string,
  options: { abortSignal?: AbortSignal } = {},
): Promise<NameMatches> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :keys)',
      ExpressionAttributeValues: { ':pk': namePartition(keys), ':keys': keys },
      Limit: MOST_ROWS,
    }),
    options,
  );
  const ids = [...new Set(Items.flatMap((row) => agentIdOfRow(row) ?? []))];
  const candidates = ids.slice(0, MOST_CANDIDATES);
  if (candidates.length === 0) return { matches: [], more: false };
  const agents = await readAgents({ client, table }, candidates, options);
  const matches = inOrder(agents, keys);
  const unread = LastEvaluatedKey !== undefined || ids.length > candidates.length;
  return {
    matches: matches.slice(0, MOST_MATCHES),
    more: matches.length > MOST_MATCHES || (matches.length > 0 && unread),
  };
}

async function readAgents(
  { client, table }: Directory,
  agentIds: string[],
  options: { abortSignal?: AbortSignal },
): Promise<Agent[]> {
  const read = new BatchGetCommand({ RequestItems: { [table]: { Keys: agentIds.map(agentKey) } } });
  const { Responses, UnprocessedKeys } = await client.send(read, options);
  if (UnprocessedKeys?.[table]?.Keys?.length) {
    throw new UnavailableError('UNAVAILABLE', 'DirectoryTable left keys unprocessed. Try again.');
  }
  return (Responses?.[table] ?? []).flatMap((item) => agentFromItem(item) ?? []);
}

function inOrder(agents: Agent[], keys: string): NameMatch[] {
  const ranked = agents.flatMap((agent) => {
    const extension = extensionOf(agent);
    if (extension === undefined || !agent.spellings.some((spelling) => spelling.startsWith(keys))) return [];
    const match = { agentId: agent.agentId, displayName: displayName(agent), extension };
    return [{ match, rank: rankOf(agent, keys) }];
  });
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ match }) => match);
}

/** To be compared as text: exact first, then last name, first name and id. */
function rankOf({ spellings, lastName, firstName, agentId }: Agent, keys: string): string {
  const exact = spellings.includes(keys) ? '0' : '1';
  return [exact, lastName.toLowerCase(), firstName.toLowerCase(), agentId].join('\u0000');
}
