import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { messageIdOfKey, messageKey, partsOfMessageId } from '#core/messages/keys.ts';
import type { MessageState } from '#core/messages/message.ts';
import { type MessageTable, readItems } from '#core/messages/table.ts';
import { asUnavailable } from '#core/platform/errors.ts';
import {
  type Batch,
  batchFromItem,
  batchKey,
  batchPartition,
  type Chunk,
  chunkFromItem,
  chunkKey,
} from './rows.ts';

const TABLE = 'MessagesTable';

/** @param ttl in seconds since 1970 */
export async function putBatch(
  { client, messages }: MessageTable,
  { trackingId, ...batch }: Batch,
  ttl: number,
): Promise<void> {
  const Item = { ...batchKey(trackingId), ...batch, ttl };
  await asUnavailable(TABLE, client.send(new PutCommand({ TableName: messages, Item })));
}

/** @param ttl in seconds since 1970 */
export async function putChunk(
  { client, messages }: MessageTable,
  trackingId: string,
  { number, settled, messageIds }: Chunk,
  ttl: number,
): Promise<void> {
  const Item = { ...chunkKey(trackingId, number), settled, messageIds, ttl };
  await asUnavailable(TABLE, client.send(new PutCommand({ TableName: messages, Item })));
}

/** A batch and its chunks; undefined when there is none with this id, or none any more. */
export async function readBatch(
  { client, messages }: MessageTable,
  trackingId: string,
): Promise<{ batch: Batch; chunks: Chunk[] } | undefined> {
  let batch: Batch | undefined;
  const chunks: Chunk[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = new QueryCommand({
      TableName: messages,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': batchPartition(trackingId) },
      ConsistentRead: true,
      ExclusiveStartKey: from,
    });
    const { Items = [], LastEvaluatedKey } = await asUnavailable(TABLE, client.send(page));
    for (const item of Items) {
      batch ??= batchFromItem(trackingId, item);
      const chunk = chunkFromItem(item);
      if (chunk) chunks.push(chunk);
    }
    from = LastEvaluatedKey;
  } while (from);
  return batch && { batch, chunks };
}

/**
 * Writes down which messages of a chunk have ended for good, so that nobody has to read them again, and it can be told
 * when they are not kept any more.
 *
 * @param before the chunk as it was read
 * @param after with some of its messages settled
 */
export async function settleChunk(
  { client, messages }: MessageTable,
  trackingId: string,
  before: Chunk,
  after: Chunk,
): Promise<void> {
  const write = new UpdateCommand({
    TableName: messages,
    Key: chunkKey(trackingId, before.number),
    UpdateExpression: 'SET settled = :settled, messageIds = :left',
    // Ids are only ever taken away. Where it has another number of them, somebody else was faster, and found the same.
    ConditionExpression: 'size(messageIds) = :before',
    ExpressionAttributeValues: {
      ':settled': after.settled,
      ':left': after.messageIds,
      ':before': before.messageIds.length,
    },
  });
  try {
    await asUnavailable(TABLE, client.send(write));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
  }
}

/** BatchGetItem takes so many keys. */
export const STATES_A_READ = 100;

/**
 * The states of messages; one that is missing is not kept any more. A state may be a moment old, which for one that has
 * ended for good makes no difference. Whether one is missing is therefore asked again, consistently.
 *
 * @param messageIds `STATES_A_READ` at most, each once
 */
export async function readStates(
  table: MessageTable,
  messageIds: string[],
): Promise<Map<string, MessageState>> {
  const states = new Map<string, MessageState>();
  for (const ConsistentRead of [false, true]) {
    const Keys = messageIds.flatMap((id) => {
      const parts = states.has(id) ? undefined : partsOfMessageId(id);
      return parts ? [messageKey(parts)] : [];
    });
    for (const item of await readItems(table, Keys, { ...STATE_ONLY, ConsistentRead })) {
      const id = messageIdOfKey(item);
      if (id !== undefined) states.set(id, item.state as MessageState);
    }
  }
  return states;
}

const STATE_ONLY = {
  ProjectionExpression: 'pk, sk, #state',
  ExpressionAttributeNames: { '#state': 'state' },
};
