import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { messageKey, partsOfMessageId } from '#core/messages/keys.ts';
import { indexKeys, type Message, type MessageStatus, STATUS_ATTRIBUTES } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import type { UnreadableItem } from './lane.ts';

/** What may change along with the state. */
export interface MessageChanges {
  attempts?: number;
  /** The end of quiet hours, from which the message has one day. ISO 8601. */
  notBefore?: string;
}

/**
 * Moves a message from the state that was read to another one, in one conditional write. From ACCEPTED and WAITING, the
 * write succeeds only while the due time is the same; from SENDING, only while the claim is the same.
 *
 * @returns false when another dispatcher moved the message first
 */
export async function moveMessage(
  table: MessageTable,
  message: Message,
  to: MessageStatus,
  changes: MessageChanges = {},
): Promise<boolean> {
  const request = new UpdateCommand(moveMessageRequest(table, message, to, changes));
  return writeIfOwn(table.client.send(request), (item) => hasTexts(item, to));
}

/**
 * Ends an item that cannot be read as a message, so that the lane continues and an operator finds the item.
 *
 * @returns false when another dispatcher changed it first
 */
export async function failUnreadable(
  { client, messages }: MessageTable,
  { unreadable: { pk, sk, state } }: UnreadableItem,
  endedAt: string,
): Promise<boolean> {
  const request = new UpdateCommand({
    TableName: messages,
    Key: { pk, sk },
    UpdateExpression: 'SET #state = :failed, reason = :reason, endedAt = :endedAt REMOVE gsi1pk, gsi1sk',
    ConditionExpression: state === undefined ? 'attribute_not_exists(#state)' : '#state = :was',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':failed': 'FAILED',
      ':reason': 'UNREADABLE',
      ':endedAt': endedAt,
      ...(state === undefined ? {} : { ':was': state }),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  return writeIfOwn(client.send(request), (item) => hasTexts(item, { state: 'FAILED', endedAt }));
}

/** An item as an error carries it. */
type RawItem = Record<string, { S?: string }>;

/**
 * Whether a conditional write succeeded. The SDK repeats a write whose response was lost. The repeated write then fails,
 * because it meets its own result.
 *
 * @param isOwn whether the item is the result of this write
 */
async function writeIfOwn(
  write: Promise<unknown>,
  isOwn: (item: RawItem | undefined) => boolean,
): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    return isOwn((error as { Item?: RawItem }).Item);
  }
}

function hasTexts(item: RawItem | undefined, written: object): boolean {
  return Object.entries(written).every(([name, text]) => text === undefined || item?.[name]?.S === text);
}

function moveMessageRequest(
  table: MessageTable,
  message: Message,
  to: MessageStatus,
  changes: MessageChanges,
) {
  const { messageId, status } = message;
  const values: Record<string, unknown> = { ...to, ...indexKeys(messageId, to), ...changes };
  const set = Object.keys(values).filter((name) => values[name] !== undefined);
  const remove = STATUS_ATTRIBUTES.filter((name) => values[name] === undefined);
  const names = [...new Set([...STATUS_ATTRIBUTES, ...set])];
  const id = partsOfMessageId(messageId);
  if (!id)
    throw new RangeError('moveMessage: the message ID is invalid; use the ID that accepting returned.');
  const { condition, expected } = ifStateIs(status);
  return {
    TableName: table.messages,
    Key: messageKey(id),
    UpdateExpression: [
      `SET ${set.map((name) => `#${name} = :${name}`).join(', ')}`,
      ...(remove.length === 0 ? [] : [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`]),
    ].join(' '),
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(set.map((name) => [`:${name}`, values[name]])),
      ...expected,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

function ifStateIs(status: MessageStatus): { condition: string; expected: Record<string, unknown> } {
  const expected = { ':was': status.state };
  switch (status.state) {
    case 'ACCEPTED':
    case 'WAITING':
      return {
        condition: '#state = :was AND #dueAt = :wasDue',
        expected: { ...expected, ':wasDue': status.dueAt },
      };
    case 'SENDING':
      return {
        condition: '#state = :was AND #claim = :wasClaim',
        expected: { ...expected, ':wasClaim': status.claim },
      };
    default:
      return { condition: '#state = :was', expected };
  }
}
