import { createFindAgentsByName } from '@switchboard/core/names';
import { readEnv } from '@switchboard/core/platform/env';
import { createFlowHandler } from '@switchboard/core/platform/handlers/contact-flow';

const env = readEnv('DIRECTORY_TABLE', 'LOOKUP_BUDGET_MS');
const findAgents = createFindAgentsByName({ table: env.DIRECTORY_TABLE, budgetMs: env.LOOKUP_BUDGET_MS });

/** Finds at most three agents by a name that the caller spelled on the keypad. */
export const handler = createFlowHandler('name-directory', async ({ parameters }) => {
  const { matches, more } = await findAgents(parameters.digits);
  const numbered = matches.flatMap(({ displayName, extension, agentId }, position) => [
    [`name${position + 1}`, displayName],
    [`extension${position + 1}`, extension],
    [`agentId${position + 1}`, agentId],
  ]);
  return {
    status: matches.length > 0 ? 'FOUND' : 'NOT_FOUND',
    matches: String(matches.length),
    ...Object.fromEntries(numbered),
    more: String(more),
  };
});
