import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { asUnavailable, ConflictError } from '#core/platform/errors.ts';
import { type MessageIdParts, messageIdFor, messageKey } from './keys.ts';
import {
  type Decision,
  indexKeys,
  type Message,
  type MessageStatus,
  messageFromItem,
  STATUS_ATTRIBUTES,
} from './message.ts';
import type { MessageTable } from './table.ts';

export interface Decided {
  as: Decision;
  /** When, in ISO 8601. */
  at: string;
  /** Only if it is unknown since then; otherwise whatever it is unknown for. */
  since?: string | undefined;
}

/**
 * UNKNOWN → SENT, FAILED, or ACCEPTED to be sent once more: a person says what became of a message. Deciding the same
 * again changes nothing.
 *
 * @returns the message as it is now; undefined when there is none
 * @throws {ConflictError} `MESSAGE_NOT_UNKNOWN`, naming the state it has
 * @throws {UnavailableError}
 */
export async function decide(
  { client, messages }: MessageTable,
  id: MessageIdParts,
  { as, at, since }: Decided,
): Promise<Message | undefined> {
  const status = statusAfter(as, at);
  const keys = indexKeys(messageIdFor(id.ulid, id.lane), status);
  const set: Record<string, unknown> = { ...status, ...keys, decision: { as, at } };
  const gone = STATUS_ATTRIBUTES.filter((name) => !(name in set));
  const update = new UpdateCommand({
    TableName: messages,
    Key: messageKey(id),
    UpdateExpression: `SET ${Object.keys(set)
      .map((name) => `#${name} = :${name}`)
      .join(', ')} REMOVE ${gone.map((name) => `#${name}`).join(', ')}`,
    ConditionExpression: `#state = :unknown${since === undefined ? '' : ' AND #since = :known'}`,
    ExpressionAttributeNames: Object.fromEntries(
      [...Object.keys(set), ...gone].map((name) => [`#${name}`, name]),
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
    const message = refusedFor(error);
    // The same decision again, or the SDK's repetition of a write whose answer was lost.
    if (!message || (message.status.state !== 'UNKNOWN' && message.decision?.as === as)) return message;
    throw notUnknown(message);
  }
}

function statusAfter(as: Decision, at: string): MessageStatus {
  if (as === 'SENT') return { state: 'SENT', endedAt: at };
  if (as === 'FAILED') return { state: 'FAILED', endedAt: at, reason: 'DECIDED' };
  return { state: 'ACCEPTED', dueAt: at };
}

/** @throws the error itself when it is another one */
function refusedFor(error: unknown): Message | undefined {
  if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
  const { Item } = error as { Item?: Parameters<typeof unmarshall>[0] };
  return Item && messageFromItem(unmarshall(Item));
}

function notUnknown({ status, decision }: Message): ConflictError {
  const decided = decision ? `, decided as ${decision.as} at ${decision.at}` : '';
  const is = status.state === 'UNKNOWN' ? `UNKNOWN since ${status.since}` : `${status.state}${decided}`;
  return new ConflictError(
    'MESSAGE_NOT_UNKNOWN',
    `The message is ${is}; only one that is UNKNOWN, since the time that was named, can be decided.`,
    { field: 'messageId' },
  );
}
