import type { Router } from '@aws-lambda-powertools/event-handler/http';
import { batchRoutes } from '#core/messages/batches/index.ts';
import { type AcceptEnv, openMessages } from '#core/messages/create-messages.ts';
import { optOutRoutes } from '#core/messages/opt-outs/index.ts';
import { templateRoutes } from '#core/messages/templates/routes.ts';
import { systemClock } from '#core/platform/clock.ts';
import { messageRoutes } from './messages.ts';
import type { MessagesApiParts } from './parts.ts';
import { sendOneRoute } from './send-one.ts';

/** The routes of messages-api on the tables and keys its environment names. */
export function createMessagesApi(env: AcceptEnv): (app: Router) => void {
  return messagesApi({ ...openMessages(env), clock: systemClock });
}

/** The routes as docs/openapi.yaml describes them: one file for each subject, and one line here. */
export function messagesApi(parts: MessagesApiParts): (app: Router) => void {
  return function register(app) {
    sendOneRoute(app, parts);
    batchRoutes(app, parts);
    messageRoutes(app, parts);
    optOutRoutes(app, parts);
    templateRoutes(app, parts);
  };
}
