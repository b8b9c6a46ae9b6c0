import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { attemptWrite, ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { asUnavailable, ConflictError } from '#core/platform/errors.ts';
import {
  indexKeys,
  type Message,
  type MessageStatus,
  messageFromItem,
  type ResolvedAs,
  STATUS_CLEARED,
} from './message.ts';
import type { MessageTable } from './table.ts';
import { type MessageIdParts, messageIdFor, messageKey } from './table-keys.ts';

export interface Resolution {
  as: ResolvedAs;
  /** ISO 8601. */
  at: string;
  /** Resolve the message only if it has been UNKNOWN since this time. */
  since?: string | undefined;
}

/**
 * Moves a message from UNKNOWN to SENT or FAILED, or to ACCEPTED so that it is sent again. Repeating the same resolution
 * changes nothing.
 *
 * @returns the current message; undefined when there is none
 * @throws {ConflictError} `MESSAGE_NOT_UNKNOWN`, with the state of the message
 * @throws {UnavailableError}
 */
export async function resolveUnknown(
  { client, messages }: MessageTable,
  id: MessageIdParts,
  { as, at, since }: Resolution,
): Promise<Message | undefined> {
  const status = statusFor(as, at);
  const keys = indexKeys(messageIdFor(id.ulid, id.lane), status);
  const update = new UpdateCommand({
    TableName: messages,
    Key: messageKey(id),
    ...updateExpression({
      set: { ...STATUS_CLEARED, ...status, ...keys, resolution: { as, at } },
      when: ifAttributesAre({ state: 'UNKNOWN', ...(since === undefined ? {} : { since }) }),
    }),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const outcome = await attemptWrite(asUnavailable('MessagesTable', client.send(update)));
  if (outcome.kind === 'WRITTEN') return messageFromItem(outcome.output.Attributes);
  const message = messageFromItem(outcome.stored);
  // The same resolution again, or the repetition by the SDK of a write whose response was lost.
  if (!message || (message.status.state !== 'UNKNOWN' && message.resolution?.as === as)) return message;
  throw notUnknownError(message);
}

function statusFor(as: ResolvedAs, at: string): MessageStatus {
  if (as === 'SENT') return { state: 'SENT', endedAt: at };
  if (as === 'FAILED') return { state: 'FAILED', endedAt: at, reason: 'RESOLVED' };
  return { state: 'ACCEPTED', dueAt: at };
}

function notUnknownError({ status, resolution }: Message): ConflictError {
  const resolved = resolution ? `, resolved as ${resolution.as} at ${resolution.at}` : '';
  const current = status.state === 'UNKNOWN' ? `UNKNOWN since ${status.since}` : `${status.state}${resolved}`;
  return new ConflictError(
    'MESSAGE_NOT_UNKNOWN',
    `The message is ${current}. You can resolve only an UNKNOWN message, with its own since; read the message again.`,
    { field: 'messageId' },
  );
}
