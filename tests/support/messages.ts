import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Keyring } from '#core/contacts/index.ts';
import { type AcceptRequest, type AcceptSettings, createAcceptance } from '#core/messages/accept.ts';
import { type Message, messageFromItem } from '#core/messages/message.ts';
import { testKeyring } from './contacts.ts';
import type { FreshTables } from './tables.ts';

/** A direct number of ours that may send texts. */
export const OURS = '+16135550100';
/** A contact's number. */
export const JANE = '+14155550100';

/** A request; a test names only what matters to it. */
export function sms(parts: Partial<AcceptRequest> = {}): AcceptRequest {
  return { idempotencyKey: 'order-17', from: OURS, to: JANE, content: 'Hello', origin: 'api', ...parts };
}

/** Puts a number of ours and a contact's number where accepting looks for them. */
export async function knowParties(tables: FreshTables, keyring: Keyring = testKeyring()): Promise<void> {
  await putNumber(tables, OURS, { pool: 'direct', state: 'ASSIGNED' });
  const rows = keyring.hashes(JANE).map((pk) => ({ pk, sk: 'C-1' }));
  for (const Item of rows) await tables.client.send(new PutCommand({ TableName: tables.lookup, Item }));
}

export async function putNumber(tables: FreshTables, number: string, row: object): Promise<void> {
  const Item = { pk: `NUMBER#${number}`, sk: 'NUMBER', agentId: 'agent-1', ...row };
  await tables.client.send(new PutCommand({ TableName: tables.directory, Item }));
}

/** One process that accepts messages. */
export function accepting(tables: FreshTables, parts: Partial<AcceptSettings> = {}) {
  return acceptance(tables, parts).accept;
}

/** The same, with what finds what was accepted before. */
export function acceptance(tables: FreshTables, parts: Partial<AcceptSettings> = {}) {
  const client = parts.client ?? tables.client;
  const { messages, idempotency, lookup } = tables;
  return createAcceptance({
    client,
    messages,
    idempotency,
    lookup,
    directory: { client, table: tables.directory },
    keyring: async () => testKeyring(),
    retentionDays: 30,
    allowUnknownRecipients: false,
    ...parts,
  });
}

/** Everything that MessagesTable holds and that is a message. */
export async function storedMessages(tables: FreshTables): Promise<Message[]> {
  const items = await scan(tables, tables.messages);
  return items.map((item) => messageFromItem(item)).filter((message) => message !== undefined);
}

/** As if nothing had ever been accepted; quicker than new tables. */
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
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey }));
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}
