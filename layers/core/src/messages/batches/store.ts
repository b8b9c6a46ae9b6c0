import { BatchGetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../platform/errors.ts';
import { orUnavailable } from '../../platform/outage.ts';
import { sendUntilProcessed } from '../../platform/unprocessed.ts';
import { messageIdOfKey, messageKey, partsOfMessageId } from '../keys.ts';
import type { MessageState } from '../message.ts';
import type { MessageTable } from '../table.ts';
import {
  type Batch,
  batchFromItem,
  batchKey,
  batchPartition,
  type Chunk,
  chunkFromItem,
  chunkKey,
  type StateCounts,
} from './rows.ts';

const TABLE = 'MessagesTable';

/** @param ttl in seconds since 1970 */
export async function putBatch(
  { client, messages }: MessageTable,
  { trackingId, ...batch }: Batch,
  ttl: number,
): Promise<void> {
  const Item = { ...batchKey(trackingId), ...batch, ttl };
  await orUnavailable(TABLE, client.send(new PutCommand({ TableName: messages, Item })));
}

/** @param ttl in seconds since 1970 */
export async function putChunk(
  { client, messages }: MessageTable,
  trackingId: string,
  { number, messageIds }: Chunk & { messageIds: string[] },
  ttl: number,
): Promise<void> {
  const Item = { ...chunkKey(trackingId, number), messageIds, ttl };
  await orUnavailable(TABLE, client.send(new PutCommand({ TableName: messages, Item })));
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
    const { Items = [], LastEvaluatedKey } = await orUnavailable(TABLE, client.send(page));
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
 * Writes down what became of a chunk whose messages have all ended for good, so that nobody has to read them again,
 * and it can be told when they are not kept any more.
 */
export async function settleChunk(
  { client, messages }: MessageTable,
  trackingId: string,
  number: number,
  settled: StateCounts,
): Promise<void> {
  const write = new UpdateCommand({
    TableName: messages,
    Key: chunkKey(trackingId, number),
    UpdateExpression: 'SET settled = :settled REMOVE messageIds',
    // Somebody else may have been faster, and what they found is the same.
    ConditionExpression: 'attribute_exists(messageIds)',
    ExpressionAttributeValues: { ':settled': settled },
  });
  try {
    await orUnavailable(TABLE, client.send(write));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
  }
}

/** BatchGetItem takes so many keys. */
export const STATES_A_READ = 100;

/**
 * The states of messages, read consistently: a message that is missing has expired.
 *
 * @param messageIds `STATES_A_READ` at most, each once
 */
export async function readStates(
  { client, messages }: MessageTable,
  messageIds: string[],
): Promise<Map<string, MessageState>> {
  const states = new Map<string, MessageState>();
  const Keys = messageIds.flatMap((id) => {
    const parts = partsOfMessageId(id);
    return parts ? [messageKey(parts)] : [];
  });
  const ask = {
    ProjectionExpression: 'pk, sk, #state',
    ExpressionAttributeNames: { '#state': 'state' },
    ConsistentRead: true,
  };
  const complete = await sendUntilProcessed({ [messages]: { ...ask, Keys } }, async (RequestItems) => {
    const { Responses, UnprocessedKeys } = await orUnavailable(
      TABLE,
      client.send(new BatchGetCommand({ RequestItems })),
    );
    for (const item of Responses?.[messages] ?? []) {
      const id = messageIdOfKey(item);
      if (id !== undefined) states.set(id, item.state as MessageState);
    }
    return UnprocessedKeys as typeof RequestItems | undefined;
  });
  if (complete) return states;
  throw new UnavailableError('UNAVAILABLE', `${TABLE} left keys unprocessed. Try again.`);
}
