import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { asUnavailable, ConflictError } from '#core/platform/errors.ts';
import { type MessageIdParts, messageIdFor, messageKey } from './keys.ts';
import {
  indexKeys,
  type Message,
  type MessageStatus,
  messageFromItem,
  type ResolvedAs,
  STATUS_ATTRIBUTES,
} from './message.ts';
import type { MessageTable } from './table.ts';

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
  const set: Record<string, unknown> = { ...status, ...keys, resolution: { as, at } };
  const remove = STATUS_ATTRIBUTES.filter((name) => !(name in set));
  const update = new UpdateCommand({
    TableName: messages,
    Key: messageKey(id),
    UpdateExpression: `SET ${Object.keys(set)
      .map((name) => `#${name} = :${name}`)
      .join(', ')} REMOVE ${remove.map((name) => `#${name}`).join(', ')}`,
    ConditionExpression: `#state = :unknown${since === undefined ? '' : ' AND #since = :known'}`,
    ExpressionAttributeNames: Object.fromEntries(
      [...Object.keys(set), ...remove].map((name) => [`#${name}`, name]),
    ),
    ExpressionAttributeValues: {
      ':unknown': 'UNKNOWN',
      ...(since === undefined ? {} : { ':known': since }),
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    const { Attributes } = await asUnavailable('MessagesTable', client.send(update));
    return messageFromItem(Attributes);
  } catch (error) {
    const message = currentMessageOf(error);
    // The same resolution again, or the repetition by the SDK of a write whose response was lost.
    if (!message || (message.status.state !== 'UNKNOWN' && message.resolution?.as === as)) return message;
    throw notUnknownError(message);
  }
}

function statusFor(as: ResolvedAs, at: string): MessageStatus {
  if (as === 'SENT') return { state: 'SENT', endedAt: at };
  if (as === 'FAILED') return { state: 'FAILED', endedAt: at, reason: 'RESOLVED' };
  return { state: 'ACCEPTED', dueAt: at };
}

/** @throws every other error */
function currentMessageOf(error: unknown): Message | undefined {
  if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  const { Item } = error as { Item?: Parameters<typeof unmarshall>[0] };
  return Item && messageFromItem(unmarshall(Item));
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
