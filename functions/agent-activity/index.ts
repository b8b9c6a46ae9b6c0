import { readEnv } from '@switchboard/core/platform/env';
import { createStreamHandler } from '@switchboard/core/platform/handlers/stream';
import { createAgentActivity } from '@switchboard/core/presence/agent-activity';

const env = readEnv('DIRECTORY_TABLE', 'CONNECT_INSTANCE_ARN', 'AGENT_HISTORY_DAYS');

/** Stores each agent's status, and a history, from the agent event stream of Connect. */
export const handler = createStreamHandler(
  'agent-activity',
  createAgentActivity({
    table: env.DIRECTORY_TABLE,
    instanceArn: env.CONNECT_INSTANCE_ARN,
    historyDays: env.AGENT_HISTORY_DAYS,
  }),
);
