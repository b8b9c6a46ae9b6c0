import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { asUnavailable } from '#core/platform/errors.ts';
import { notOurToken } from '#core/platform/page-token.ts';
import {
  DUE_INDEX,
  type MessageIdParts,
  messageIdOfKey,
  messageKey,
  partsOfMessageId,
  UNKNOWN_PARTITION,
  unknownKeys,
} from './keys.ts';
import { type Message, messageFromItem } from './message.ts';
import { type MessageTable, readItems } from './table.ts';

/**
 * Reads a message as the last write left it, or what is left of one whose body is gone. Undefined when there is none.
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

/** A message that can be neither sent nor opened any more. */
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

export interface MessagePage {
  messages: Message[];
  /** Where the next page begins; undefined on the last one. */
  next?: string;
}

/**
 * The messages of which nobody knows whether they were sent, the oldest first, page by page.
 *
 * @param page `limit`: at most 100; `after`: the `next` of the page before
 * @throws {InvalidInputError} `INVALID_TOKEN`, when `after` is not the `next` of a page
 * @throws {UnavailableError}
 */
export async function listUnknown(
  table: MessageTable,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<MessagePage> {
  const query = new QueryCommand({
    TableName: table.messages,
    IndexName: DUE_INDEX,
    KeyConditionExpression: 'gsi1pk = :unknown',
    ExpressionAttributeValues: { ':unknown': UNKNOWN_PARTITION },
    Limit: limit,
    ...(after === undefined ? {} : { ExclusiveStartKey: startOf(after) }),
  });
  const { Items = [], LastEvaluatedKey } = await asUnavailable('MessagesTable', table.client.send(query));
  const messages = await readAll(table, Items);
  // The index may be a moment behind.
  const unknown = messages.filter(({ status }) => status.state === 'UNKNOWN');
  return { messages: unknown, ...(LastEvaluatedKey ? { next: placeOf(LastEvaluatedKey) } : {}) };
}

type Item = Record<string, unknown>;

/** In the order of their keys, without those that are gone. */
async function readAll(table: MessageTable, rows: Item[]): Promise<Message[]> {
  const keys = rows.map(({ pk, sk }) => ({ pk, sk }));
  const messages = (await readItems(table, keys, { ConsistentRead: true })).flatMap(
    (item) => messageFromItem(item) ?? [],
  );
  const found = new Map(messages.map((message) => [message.messageId, message]));
  return keys.flatMap((key) => found.get(messageIdOfKey(key) ?? '') ?? []);
}

const PLACE = /^(?<since>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (?<messageId>\S+)$/;

function placeOf({ pk, sk, gsi1sk }: Item): string {
  const [since] = String(gsi1sk).split('#');
  return `${since} ${messageIdOfKey({ pk, sk })}`;
}

function startOf(after: string): Item {
  const { since = '', messageId = '' } = PLACE.exec(after)?.groups ?? {};
  const id = partsOfMessageId(messageId);
  if (id) return { ...messageKey(id), ...unknownKeys(id, since) };
  throw notOurToken();
}
