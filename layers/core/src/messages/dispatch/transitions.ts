import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { messageKey, partsOfMessageId } from '#core/messages/keys.ts';
import { indexKeys, type Message, type MessageStatus, STATUS_ATTRIBUTES } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';

/** What may change along with the state. */
export interface Changes {
  attempts?: number;
  /** Quiet hours: from then on its day begins. ISO 8601. */
  notBefore?: string;
}

/**
 * Moves a message from the state it was read in to another, in one conditional write: out of ACCEPTED and WAITING only
 * while nobody has moved it since, out of SENDING only while the claim is the same.
 *
 * @returns false when somebody else was first
 */
export async function move(
  table: MessageTable,
  message: Message,
  to: MessageStatus,
  changes: Changes = {},
): Promise<boolean> {
  const request = new UpdateCommand(moveRequest(table, message, to, changes));
  // The SDK repeats a write whose answer was lost, and then meets its own.
  return whileItHolds(table.client.send(request), (item) => hasAll(item, to));
}

/** Whether an item is as a write of these texts left it. */
export function hasAll(item: RawItem | undefined, written: object): boolean {
  return Object.entries(written).every(([name, text]) => text === undefined || item?.[name]?.S === text);
}

/** As an error brings it. */
type RawItem = Record<string, { S?: string }>;

/**
 * Whether a conditional write was done.
 *
 * @param ours whether what stood there instead was written by it before
 */
export async function whileItHolds(
  write: Promise<unknown>,
  ours: (item: RawItem | undefined) => boolean,
): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    return ours((error as { Item?: RawItem }).Item);
  }
}

/** Pure: the one update that moves a message. */
export function moveRequest(table: MessageTable, message: Message, to: MessageStatus, changes: Changes) {
  const { messageId, status } = message;
  const values: Record<string, unknown> = { ...to, ...indexKeys(messageId, to), ...changes };
  const set = Object.keys(values).filter((name) => values[name] !== undefined);
  const remove = STATUS_ATTRIBUTES.filter((name) => values[name] === undefined);
  const names = [...new Set([...STATUS_ATTRIBUTES, ...set])];
  const parts = partsOfMessageId(messageId);
  if (!parts) throw new RangeError('This is no id of a message.');
  const { condition, expected } = whileIn(status);
  return {
    TableName: table.messages,
    Key: messageKey(parts),
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

function whileIn(status: MessageStatus): { condition: string; expected: Record<string, unknown> } {
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
