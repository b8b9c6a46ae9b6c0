import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { indexKeys, type Message, type MessageStatus, STATUS_CLEARED } from '#core/messages/message.ts';
import type { MessageTable } from '#core/messages/table.ts';
import { messageKey, partsOfMessageId } from '#core/messages/table-keys.ts';
import { attemptWrite, ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
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
export async function changeMessageState(
  { client, messages }: MessageTable,
  { messageId, status }: Message,
  to: MessageStatus,
  changes: MessageChanges = {},
): Promise<boolean> {
  const id = partsOfMessageId(messageId);
  if (!id)
    throw new RangeError(
      'changeMessageState: the message ID is invalid; use the ID that accepting returned.',
    );
  const update = updateExpression({
    set: { ...STATUS_CLEARED, ...to, ...indexKeys(messageId, to), ...changes },
    when: ifAttributesAre(identityOf(status)),
  });
  return updateOrOwn(client, { TableName: messages, Key: messageKey(id), ...update }, to);
}

/** What must be unchanged since the message was read. */
function identityOf(status: MessageStatus): Record<string, unknown> {
  const { state } = status;
  if (status.state === 'SENDING') return { state, claim: status.claim };
  return 'dueAt' in status ? { state, dueAt: status.dueAt } : { state };
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
  const failed = { state: 'FAILED', reason: 'UNREADABLE', endedAt };
  const update = updateExpression({
    set: { ...failed, gsi1pk: undefined, gsi1sk: undefined },
    when: ifAttributesAre({ state }),
  });
  return updateOrOwn(client, { TableName: messages, Key: { pk, sk }, ...update }, failed);
}

/**
 * Whether a conditional update succeeded. The SDK repeats a write whose response was lost. The repeated write then fails,
 * because it meets its own result.
 */
async function updateOrOwn(
  client: DynamoDBDocumentClient,
  request: UpdateCommandInput,
  written: object,
): Promise<boolean> {
  const update = new UpdateCommand({ ...request, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
  const outcome = await attemptWrite(client.send(update));
  if (outcome.kind === 'WRITTEN') return true;
  return Object.entries(written).every(
    ([name, value]) => value === undefined || outcome.stored?.[name] === value,
  );
}
