import { createFlowTexts } from '@switchboard/core/messages/flow';
import { readEnv } from '@switchboard/core/platform/env';
import { flowHandler } from '@switchboard/core/platform/flow';

const send = createFlowTexts(
  readEnv(
    'MESSAGES_TABLE',
    'IDEMPOTENCY_TABLE',
    'LOOKUP_TABLE',
    'DIRECTORY_TABLE',
    'ORGANISATION',
    'ROOT_KEY_ARN',
    'KEY_VERSIONS',
    'MESSAGE_RETENTION_DAYS',
    'ALLOW_UNKNOWN_RECIPIENTS',
    'LOOKUP_BUDGET_MS',
  ),
);

/** Texts the caller, once for each block and call. */
export const handler = flowHandler('flow-sms', async (event) => ({ ...(await send(event)) }));
