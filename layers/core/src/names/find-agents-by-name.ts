import { type Agent, agentFromItem, agentKey, displayName, extensionOf } from '#core/directory/agents.ts';
import { parseNameKeys } from '#core/directory/keypad.ts';
import { agentIdOfRow, MAX_SPELLINGS, namePartition } from '#core/directory/name-rows.ts';
import { createDirectoryCallPolicy } from '#core/directory/policy.ts';
import type { Directory } from '#core/directory/table.ts';
import { batchGet } from '#core/platform/dynamodb/batch.ts';
import type { RequestWrapper } from '#core/platform/dynamodb/client.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { queryPage } from '#core/platform/dynamodb/paginate.ts';

export interface NameMatch {
  agentId: string;
  displayName: string;
  extension: string;
}

export interface NameMatches {
  matches: NameMatch[];
  /** True when there are more agents than the matches. */
  more: boolean;
}

/** Callers do not listen to more names. */
const MAX_MATCHES = 3;
/** Agents that are read. Of more agents, the rows alone decide which ones are read and sorted by name. */
const MAX_CANDIDATES = 12;
/** One page of rows. It is enough to find all matches, or to know that there are more than `MAX_MATCHES`. */
const MAX_ROWS = 7 * MAX_SPELLINGS;

/**
 * Creates the search for dial by name: one Query and one BatchGetItem within the budget.
 *
 * @returns a function of the keys that the caller pressed. It throws {InvalidInputError} when the keys spell no name, and
 * {UnavailableError} when DirectoryTable does not answer within the budget.
 */
export function createFindAgentsByName(settings: { table: string; budgetMs: number }) {
  const directory = { client: documentClient(1), table: settings.table };
  const policy = createDirectoryCallPolicy(settings.budgetMs);
  return async function findAgentsByName(digits: string | undefined): Promise<NameMatches> {
    const keys = parseNameKeys(digits);
    return policy.run((abortSignal) => findAgentsByKeys(directory, keys, { abortSignal }));
  };
}

/**
 * Finds agents by keypad keys in two round trips. The name rows say which agents to read. An agent matches only when its
 * own item has a spelling that begins with the keys, and an extension, because rows can be behind.
 *
 * @param keys as `parseNameKeys` returns them
 * @returns exact spellings first, then in order of last name and first name
 * @throws {UnavailableError} when DynamoDB leaves agents unprocessed
 */
export async function findAgentsByKeys(
  { client, table }: Directory,
  keys: string,
  { abortSignal }: { abortSignal?: AbortSignal } = {},
): Promise<NameMatches> {
  const call: RequestWrapper = (send) => send(abortSignal);
  const { items: rows, next } = await queryPage(
    client,
    {
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :keys)',
      ExpressionAttributeValues: { ':pk': namePartition(keys), ':keys': keys },
      Limit: MAX_ROWS,
    },
    call,
  );
  const ids = [...new Set(rows.flatMap((row) => agentIdOfRow(row) ?? []))];
  const candidates = ids.slice(0, MAX_CANDIDATES);
  if (candidates.length === 0) return { matches: [], more: false };
  const items = await batchGet(client, table, candidates.map(agentKey), { call });
  const agents = items.flatMap((item) => agentFromItem(item) ?? []);
  const matches = sortMatches(agents, keys);
  const hasUnread = next !== undefined || ids.length > candidates.length;
  return {
    matches: matches.slice(0, MAX_MATCHES),
    more: matches.length > MAX_MATCHES || (matches.length > 0 && hasUnread),
  };
}

function sortMatches(agents: Agent[], keys: string): NameMatch[] {
  const ranked = agents.flatMap((agent) => {
    const extension = extensionOf(agent);
    if (extension === undefined || !agent.spellings.some((spelling) => spelling.startsWith(keys))) return [];
    const match = { agentId: agent.agentId, displayName: displayName(agent), extension };
    return [{ match, rank: rankOf(agent, keys) }];
  });
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ match }) => match);
}

/** A text to compare: exact spellings first, then last name, first name, and ID. */
function rankOf({ spellings, lastName, firstName, agentId }: Agent, keys: string): string {
  const exact = spellings.includes(keys) ? '0' : '1';
  return [exact, lastName.toLowerCase(), firstName.toLowerCase(), agentId].join('\u0000');
}
