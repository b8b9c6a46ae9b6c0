import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { MessageState } from '#core/messages/message.ts';
import { callMessagesTable, type MessageTable } from '#core/messages/table.ts';
import { messageIdOfKey, messageKey, partsOfMessageId } from '#core/messages/table-keys.ts';
import { batchGet } from '#core/platform/dynamodb/batch.ts';
import { writeIf } from '#core/platform/dynamodb/conditions.ts';
import { queryAll } from '#core/platform/dynamodb/paginate.ts';
import { projection } from '#core/platform/dynamodb/projection.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import { asUnavailable } from '#core/platform/errors.ts';
import {
  type BatchPart,
  type BatchRecord,
  batchFromItem,
  batchKey,
  batchPartition,
  chunkFromItem,
  chunkKey,
} from './batch-items.ts';

const TABLE = 'MessagesTable';

/** @param ttl in seconds since 1970 */
export async function putBatch(
  { client, messages }: MessageTable,
  { trackingId, ...batch }: BatchRecord,
  ttl: number,
): Promise<void> {
  const Item = { ...batchKey(trackingId), ...batch, ttl };
  await asUnavailable(TABLE, client.send(new PutCommand({ TableName: messages, Item })));
}

/** @param ttl in seconds since 1970 */
export async function putChunk(
  { client, messages }: MessageTable,
  trackingId: string,
  { number, finalCounts, messageIds }: BatchPart,
  ttl: number,
): Promise<void> {
  const Item = { ...chunkKey(trackingId, number), finalCounts, messageIds, ttl };
  await asUnavailable(TABLE, client.send(new PutCommand({ TableName: messages, Item })));
}

/** Reads a batch and its chunks; undefined when there is no batch with this ID, or it was deleted. */
export async function readBatch(
  { client, messages }: MessageTable,
  trackingId: string,
): Promise<{ batch: BatchRecord; chunks: BatchPart[] } | undefined> {
  const query = {
    TableName: messages,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': batchPartition(trackingId) },
    ConsistentRead: true,
  };
  let batch: BatchRecord | undefined;
  const chunks: BatchPart[] = [];
  for (const item of await queryAll(client, query, callMessagesTable)) {
    batch ??= batchFromItem(trackingId, item);
    const chunk = chunkFromItem(item);
    if (chunk) chunks.push(chunk);
  }
  return batch && { batch, chunks };
}

/**
 * Writes which messages of a chunk are in a final state. They are not read again, and their states stay known after
 * DynamoDB has deleted them.
 *
 * @param before the chunk as it was read
 * @param after the chunk with more messages in a final state
 */
export async function updateFinalCounts(
  { client, messages }: MessageTable,
  trackingId: string,
  before: BatchPart,
  after: BatchPart,
): Promise<void> {
  const write = new UpdateCommand({
    TableName: messages,
    Key: chunkKey(trackingId, before.number),
    ...updateExpression({
      set: { finalCounts: after.finalCounts, messageIds: after.messageIds },
      // IDs are only removed. If the number of IDs differs, another request has already written the same result.
      when: {
        ConditionExpression: 'size(#messageIds) = :before',
        ExpressionAttributeNames: { '#messageIds': 'messageIds' },
        ExpressionAttributeValues: { ':before': before.messageIds.length },
      },
    }),
  });
  await writeIf(asUnavailable(TABLE, client.send(write)));
}

/**
 * Reads the states of messages. A message without a state was deleted. The first read may return an outdated state. That
 * makes no difference for a final one, but a missing message is read again, consistently.
 *
 * @param messageIds each once
 */
export async function readStates(
  { client, messages }: MessageTable,
  messageIds: string[],
): Promise<Map<string, MessageState>> {
  const states = new Map<string, MessageState>();
  for (const ConsistentRead of [false, true]) {
    const keys = messageIds.flatMap((id) => {
      const parts = states.has(id) ? undefined : partsOfMessageId(id);
      return parts ? [messageKey(parts)] : [];
    });
    const options = { ...projection('pk', 'sk', 'state'), ConsistentRead, call: callMessagesTable };
    for (const item of await batchGet(client, messages, keys, options)) {
      const id = messageIdOfKey(item);
      if (id !== undefined) states.set(id, item.state as MessageState);
    }
  }
  return states;
}
