import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Clock, systemClock } from '#core/platform/clock.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { createKeyringLoader, type Keyring, keySettings } from '#core/platform/keys/index.ts';
import { type AcceptMessage, createAcceptance, type FindDuplicates } from './acceptance/create-acceptance.ts';
import type { MessageTable } from './table.ts';

// Read this folder from the top: create-messages → acceptance/create-acceptance → message, table-keys. Then api/routes,
// batches/send-many, and flow/flow-sms, which accept messages; dispatch/create-dispatcher, which sends them; and
// opt-outs, quiet-hours, and templates.

/** The settings that a function needs to accept messages. */
export const ACCEPT_SETTINGS = [
  'MESSAGES_TABLE',
  'IDEMPOTENCY_TABLE',
  'LOOKUP_TABLE',
  'DIRECTORY_TABLE',
  'ORGANIZATION',
  'ROOT_KEY_ARN',
  'KEY_VERSIONS',
  'MESSAGE_RETENTION_DAYS',
  'ALLOW_UNKNOWN_RECIPIENTS',
] as const satisfies (keyof AcceptEnv)[];

export interface AcceptEnv {
  MESSAGES_TABLE: string;
  IDEMPOTENCY_TABLE: string;
  LOOKUP_TABLE: string;
  DIRECTORY_TABLE: string;
  ORGANIZATION: string;
  ROOT_KEY_ARN: string;
  KEY_VERSIONS: number[];
  MESSAGE_RETENTION_DAYS: number;
  ALLOW_UNKNOWN_RECIPIENTS: boolean;
}

/** Accepts messages on the tables and keys that an environment names. */
export interface MessageService extends MessageTable {
  keyring: () => Promise<Keyring>;
  accept: AcceptMessage;
  findDuplicates: FindDuplicates;
  retentionDays: number;
  clock: Clock;
}

/** What a test replaces. */
export interface MessageServiceParts {
  client: DynamoDBDocumentClient;
  keyring: () => Promise<Keyring>;
  clock: Clock;
}

/** @param replaced parts that a test replaces */
export function createMessages(env: AcceptEnv, replaced: Partial<MessageServiceParts> = {}): MessageService {
  // Three attempts end before the function times out, so that the function can still return its own error.
  const { client = documentClient(3), clock = systemClock } = replaced;
  const messages = env.MESSAGES_TABLE;
  const keyring = replaced.keyring ?? createKeyringLoader(keySettings(env));
  const retentionDays = env.MESSAGE_RETENTION_DAYS;
  const { accept, findDuplicates } = createAcceptance({
    client,
    messages,
    idempotency: env.IDEMPOTENCY_TABLE,
    lookup: env.LOOKUP_TABLE,
    directory: { client, table: env.DIRECTORY_TABLE },
    keyring,
    retentionDays,
    allowUnknownRecipients: env.ALLOW_UNKNOWN_RECIPIENTS,
    clock,
  });
  return { client, messages, keyring, accept, findDuplicates, retentionDays, clock };
}
