import type { Router } from '@aws-lambda-powertools/event-handler/http';
import { documentClient } from '../../platform/aws.ts';
import { systemClock } from '../../platform/clock.ts';
import { keyringLoader } from '../../platform/keys/index.ts';
import { createAcceptMessage } from '../accept.ts';
import { batchRoutes } from '../batches/index.ts';
import { optOutRoutes } from '../opt-outs/index.ts';
import { templateRoutes } from '../templates/index.ts';
import { messageRoutes } from './messages.ts';
import type { MessagesApiParts } from './parts.ts';
import { sendOneRoute } from './send-one.ts';

export interface MessagesApiEnv {
  MESSAGES_TABLE: string;
  IDEMPOTENCY_TABLE: string;
  LOOKUP_TABLE: string;
  DIRECTORY_TABLE: string;
  ORGANISATION: string;
  ROOT_KEY_ARN: string;
  KEY_VERSIONS: number[];
  MESSAGE_RETENTION_DAYS: number;
  ALLOW_UNKNOWN_RECIPIENTS: boolean;
}

/** The routes of messages-api on the tables and keys its environment names. */
export function createMessagesApi(env: MessagesApiEnv): (app: Router) => void {
  const keys = { organisation: env.ORGANISATION, rootKeyArn: env.ROOT_KEY_ARN, versions: env.KEY_VERSIONS };
  const keyring = keyringLoader(keys);
  // Its attempts end before the function's time does, so that the answer is ours: 503.
  const client = documentClient(3);
  const messages = env.MESSAGES_TABLE;
  const accept = createAcceptMessage({
    client,
    messages,
    idempotency: env.IDEMPOTENCY_TABLE,
    lookup: env.LOOKUP_TABLE,
    directory: { client, table: env.DIRECTORY_TABLE },
    keyring,
    retentionDays: env.MESSAGE_RETENTION_DAYS,
    allowUnknownRecipients: env.ALLOW_UNKNOWN_RECIPIENTS,
  });
  const retentionDays = env.MESSAGE_RETENTION_DAYS;
  return messagesApi({ client, messages, keyring, accept, retentionDays, clock: systemClock });
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
