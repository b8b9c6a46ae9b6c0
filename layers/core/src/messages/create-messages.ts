import { documentClient } from '#core/platform/dynamodb/client.ts';
import { type Keyring, keyringLoader, keySettings } from '#core/platform/keys/index.ts';
import { type AcceptMessage, createAcceptance, type FindEarlier } from './accept.ts';
import type { MessageTable } from './table.ts';

/** What a function reads from its environment to accept messages. */
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

/** What accepts messages, on the tables and keys that an environment names. */
export interface OpenMessages extends MessageTable {
  keyring: () => Promise<Keyring>;
  accept: AcceptMessage;
  findEarlier: FindEarlier;
  retentionDays: number;
}

export function openMessages(env: AcceptEnv): OpenMessages {
  // Its attempts end before the time of a function does, so that the answer is ours.
  const client = documentClient(3);
  const messages = env.MESSAGES_TABLE;
  const keyring = keyringLoader(keySettings(env));
  const retentionDays = env.MESSAGE_RETENTION_DAYS;
  const { accept, findEarlier } = createAcceptance({
    client,
    messages,
    idempotency: env.IDEMPOTENCY_TABLE,
    lookup: env.LOOKUP_TABLE,
    directory: { client, table: env.DIRECTORY_TABLE },
    keyring,
    retentionDays,
    allowUnknownRecipients: env.ALLOW_UNKNOWN_RECIPIENTS,
  });
  return { client, messages, keyring, accept, findEarlier, retentionDays };
}
