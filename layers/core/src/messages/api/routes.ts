import type { Router } from '@aws-lambda-powertools/event-handler/http';
import { batchRoutes } from '#core/messages/batches/routes.ts';
import { type AcceptEnv, createMessages, type MessageServiceParts } from '#core/messages/create-messages.ts';
import { optOutRoutes } from '#core/messages/opt-outs/index.ts';
import { templateRoutes } from '#core/messages/templates/routes.ts';
import { messageRoutes } from './message-routes.ts';
import { sendOneRoute } from './send-one.ts';

export { ACCEPT_SETTINGS } from '#core/messages/create-messages.ts';

/**
 * Creates the routes of messages-api, as docs/openapi.yaml describes them.
 *
 * @param replaced parts that a test replaces
 */
export function createMessagesApi(
  env: AcceptEnv,
  replaced: Partial<MessageServiceParts> = {},
): (app: Router) => void {
  const service = createMessages(env, replaced);
  return function register(app) {
    sendOneRoute(app, service);
    batchRoutes(app, service);
    messageRoutes(app, service);
    optOutRoutes(app, service);
    templateRoutes(app, service);
  };
}
