import { ACCEPT_SETTINGS, createMessagesApi } from '@switchboard/core/messages/api';
import { readEnv } from '@switchboard/core/platform/env';
import { createApiHandler } from '@switchboard/core/platform/handlers/rest-api';

const routes = createMessagesApi(readEnv(...ACCEPT_SETTINGS));

/** Text messages over REST: docs/openapi.yaml. */
export const handler = createApiHandler('messages-api', routes);
