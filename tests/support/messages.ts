import { DeleteCommand, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { AcceptRequest } from '#core/messages/acceptance/create-acceptance.ts';
import { type AcceptEnv, createMessages, type MessageServiceParts } from '#core/messages/create-messages.ts';
import { type Message, messageFromItem } from '#core/messages/message.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { testKeyring } from './contacts.ts';
import type { FreshTables } from './tables.ts';

/** A direct number that may send texts. */
export const OURS = '+16135550100';
/** The number of a contact. */
export const JANE = '+14155550100';

/** A request. A test passes only what matters to it. */
export function sms(parts: Partial<AcceptRequest> = {}): AcceptRequest {
  return { idempotencyKey: 'order-17', from: OURS, to: JANE, content: 'Hello', origin: 'api', ...parts };
}

/** Writes the sender and the recipient where accepting looks for them. */
export async function putSenderRecipient(
  tables: FreshTables,
  keyring: Keyring = testKeyring(),
): Promise<void> {
  await putNumber(tables, OURS, { pool: 'direct', state: 'ASSIGNED' });
  const rows = keyring.hashes(JANE).map((pk) => ({ pk, sk: 'C-1' }));
  for (const Item of rows) await tables.client.send(new PutCommand({ TableName: tables.lookup, Item }));
}

export async function putNumber(tables: FreshTables, number: string, row: object): Promise<void> {
  const Item = { pk: `NUMBER#${number}`, sk: 'NUMBER', agentId: 'agent-1', ...row };
  await tables.client.send(new PutCommand({ TableName: tables.directory, Item }));
}

/** The settings of a function that accepts messages. */
export function acceptEnv(tables: FreshTables): AcceptEnv {
  return {
    MESSAGES_TABLE: tables.messages,
    IDEMPOTENCY_TABLE: tables.idempotency,
    LOOKUP_TABLE: tables.lookup,
    DIRECTORY_TABLE: tables.directory,
    ORGANIZATION: 'test',
    ROOT_KEY_ARN: 'test',
    KEY_VERSIONS: [1],
    MESSAGE_RETENTION_DAYS: 30,
    ALLOW_UNKNOWN_RECIPIENTS: false,
  };
}

/** One process that accepts messages. */
export function accepting(
  tables: FreshTables,
  replaced: Partial<MessageServiceParts> = {},
  env: Partial<AcceptEnv> = {},
) {
  const parts = { client: tables.client, keyring: async () => testKeyring(), ...replaced };
  return createMessages({ ...acceptEnv(tables), ...env }, parts).accept;
}

/** All messages of MessagesTable. */
export async function storedMessages(tables: FreshTables): Promise<Message[]> {
  const items = await scan(tables, tables.messages);
  return items.map((item) => messageFromItem(item)).filter((message) => message !== undefined);
}

/** Deletes all messages and keys, which is faster than new tables. */
export async function forgetMessages(tables: FreshTables): Promise<void> {
  const { client, messages, idempotency } = tables;
  for (const { pk, sk } of await scan(tables, messages)) {
    await client.send(new DeleteCommand({ TableName: messages, Key: { pk, sk } }));
  }
  for (const { id } of await scan(tables, idempotency)) {
    await client.send(new DeleteCommand({ TableName: idempotency, Key: { id } }));
  }
}

export async function scan({ client }: FreshTables, TableName: string) {
  const items: Record<string, unknown>[] = [];
  for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}
