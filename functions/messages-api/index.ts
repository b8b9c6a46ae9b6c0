import { createMessagesApi } from '@switchboard/core/messages/api';
import { readEnv } from '@switchboard/core/platform/env';
import { apiHandler } from '@switchboard/core/platform/http';

const routes = createMessagesApi(
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
  ),
);

/** Text messages over REST: docs/openapi.yaml. */
export const handler = apiHandler('messages-api', routes);
