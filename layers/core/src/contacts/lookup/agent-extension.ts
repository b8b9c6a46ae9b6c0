import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { describeError } from '#core/platform/errors.ts';
import { logger } from '#core/platform/observability.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';
import type { Policy } from '#core/platform/resilience/policy.ts';

/** Where agents are listed, and how it is called. */
export interface AgentSource {
  client: DynamoDBDocumentClient;
  /** The name of DirectoryTable. */
  directory: string;
  callDirectory: Policy;
}

/**
 * The extension of a contact's own agent, if it can be told in time. It is an extra: without it the answer is
 * still worth giving, so no failure leaves this function.
 */
export async function findAgentExtension(
  { client, directory, callDirectory }: AgentSource,
  agentId: string,
  budgetMs: number,
): Promise<string | undefined> {
  const get = new GetCommand({
    TableName: directory,
    Key: { pk: `AGENT#${agentId}`, sk: 'AGENT' },
    ProjectionExpression: 'extension',
  });
  try {
    const { Item } = await withTimeLimit(budgetMs, () =>
      callDirectory.run((abortSignal) => client.send(get, { abortSignal })),
    );
    return typeof Item?.extension === 'string' ? Item.extension : undefined;
  } catch (error) {
    logger.warn('extension not known', { error: describeError(error) });
    return undefined;
  }
}
