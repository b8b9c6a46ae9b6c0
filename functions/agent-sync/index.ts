import { createAgentSync } from '@switchboard/core/agent-sync';
import { readEnv } from '@switchboard/core/platform/env';
import { createScheduledHandler } from '@switchboard/core/platform/handlers/scheduled';

const env = readEnv('DIRECTORY_TABLE', 'CONNECT_INSTANCE_ARN', 'EXTENSION_RANGE', 'QUARANTINE_DAYS');
const { DIRECT_NUMBER_FLOW, EXPORT_BUCKET } = readEnv('DIRECT_NUMBER_FLOW', 'EXPORT_BUCKET');
const syncAgents = createAgentSync({
  table: env.DIRECTORY_TABLE,
  instanceArn: env.CONNECT_INSTANCE_ARN,
  extensionRange: env.EXTENSION_RANGE,
  quarantineDays: env.QUARANTINE_DAYS,
  directNumberFlow: DIRECT_NUMBER_FLOW,
  exportBucket: EXPORT_BUCKET,
});

/** Seeds the pool of extensions and reconciles agents and direct numbers with Connect: all, or the one agent an event names. */
export const handler = createScheduledHandler('agent-sync', (event, context) =>
  syncAgents(event, context.getRemainingTimeInMillis()),
);
