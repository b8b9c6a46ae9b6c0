import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet } from '#core/platform/dynamodb/batch.ts';
import { queryPage } from '#core/platform/dynamodb/paginate.ts';
import { asUnavailable } from '#core/platform/errors.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { invalidPageToken } from '#core/platform/page-token.ts';
import { type Message, messageFromItem } from './message.ts';
import { callMessagesTable, type MessageTable } from './table.ts';
import {
  DUE_INDEX,
  lanePartition,
  lanesOf,
  type MessageIdParts,
  messageIdOfKey,
  messageKey,
  partsOfMessageId,
  UNKNOWN_PARTITION,
  unknownKeys,
} from './table-keys.ts';

/**
 * Reads a message consistently; a damaged message without its body. Undefined when there is none.
 *
 * @throws {UnavailableError}
 */
export async function getMessage(
  { client, messages }: MessageTable,
  id: MessageIdParts,
): Promise<Message | DamagedMessage | undefined> {
  const read = new GetCommand({ TableName: messages, Key: messageKey(id), ConsistentRead: true });
  const { Item } = await asUnavailable('MessagesTable', client.send(read));
  return messageFromItem(Item) ?? damagedFromItem(Item);
}

/** A message whose body is missing. It can be neither sent nor decrypted. */
export interface DamagedMessage {
  messageId: string;
  damaged: { state: string; reason?: string };
}

function damagedFromItem(item: Item | undefined): DamagedMessage | undefined {
  const messageId = item && messageIdOfKey(item);
  if (messageId === undefined || typeof item?.state !== 'string') return undefined;
  const { state, reason } = item;
  return { messageId, damaged: { state, ...(typeof reason === 'string' ? { reason } : {}) } };
}

/**
 * Reads the latest messages to a recipient, the newest first. For a contact, pass the phone numbers of the contact.
 *
 * @param phoneNumbers in E.164
 * @param limit how many messages at most
 * @throws {UnavailableError}
 */
export async function messagesOf(
  { client, messages, keyring }: MessageTable & { keyring: Keyring },
  phoneNumbers: readonly string[],
  limit: number,
): Promise<Message[]> {
  const lanes = [...new Set(phoneNumbers.flatMap((phoneNumber) => lanesOf(keyring, phoneNumber)))];
  const found = await Promise.all(
    lanes.map(async (lane) => {
      const query = {
        TableName: messages,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': lanePartition(lane) },
        ScanIndexForward: false,
        Limit: limit,
      };
      const { items } = await queryPage(client, query, callMessagesTable);
      return items.flatMap((item) => messageFromItem(item) ?? []);
    }),
  );
  // An ID begins with its ULID, which sorts by the time of acceptance.
  return found
    .flat()
    .sort((a, b) => (a.messageId < b.messageId ? 1 : -1))
    .slice(0, limit);
}

export interface MessagePage {
  messages: Message[];
  /** Where the next page begins; undefined on the last page. */
  next?: string;
}

/**
 * Lists the UNKNOWN messages page by page, the oldest first.
 *
 * @param page `limit`: at most 100; `after`: the `next` of the previous page
 * @throws {InvalidInputError} `INVALID_TOKEN`, when `after` is not the `next` of a page
 * @throws {UnavailableError}
 */
export async function listUnknown(
  table: MessageTable,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<MessagePage> {
  const { items, next } = await queryPage(
    table.client,
    {
      TableName: table.messages,
      IndexName: DUE_INDEX,
      KeyConditionExpression: 'gsi1pk = :unknown',
      ExpressionAttributeValues: { ':unknown': UNKNOWN_PARTITION },
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: parsePosition(after) }),
    },
    callMessagesTable,
  );
  // The index may be behind.
  const unknown = (await readInOrder(table, items)).filter(({ status }) => status.state === 'UNKNOWN');
  return { messages: unknown, ...(next ? { next: toPosition(next) } : {}) };
}

type Item = Record<string, unknown>;

/** Returns the messages in the order of their keys, without those that no longer exist. */
async function readInOrder(table: MessageTable, rows: Item[]): Promise<Message[]> {
  const keys = rows.map(({ pk, sk }) => ({ pk, sk }));
  const options = { ConsistentRead: true, call: callMessagesTable };
  const found = await batchGet(table.client, table.messages, keys, options);
  const messages = found.flatMap((item) => messageFromItem(item) ?? []);
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  return keys.flatMap((key) => byId.get(messageIdOfKey(key) ?? '') ?? []);
}

const POSITION = /^(?<since>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (?<messageId>\S+)$/;

function toPosition({ pk, sk, gsi1sk }: Item): string {
  const [since] = String(gsi1sk).split('#');
  return `${since} ${messageIdOfKey({ pk, sk })}`;
}

function parsePosition(after: string): Item {
  const { since = '', messageId = '' } = POSITION.exec(after)?.groups ?? {};
  const id = partsOfMessageId(messageId);
  if (id) return { ...messageKey(id), ...unknownKeys(id, since) };
  throw invalidPageToken();
}
