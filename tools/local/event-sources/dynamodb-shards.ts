import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { type DynamodbRecord, toDynamodbRecord } from './dynamodb-record.ts';

/** The start in a shard: after a record, or at one of its ends. */
export type ShardStart = { after: string } | 'TRIM_HORIZON' | 'LATEST';

/** The stream of a table on this engine. Its ARN is the engine's, not the template's. */
export async function findStreamArn(client: DynamoDBStreamsClient, tableName: string): Promise<string> {
  const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: tableName }));
  const arn = Streams.at(-1)?.StreamArn;
  if (!arn) throw new Error(`The table ${tableName} has no stream.`);
  return arn;
}

/** A part of a stream, which continues its parent. */
export interface Shard {
  id: string;
  parent: string | undefined;
}

/** All shards, parents before their children. */
export async function listShards(client: DynamoDBStreamsClient, arn: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let from: string | undefined;
  do {
    const { StreamDescription } = await client.send(
      new DescribeStreamCommand({ StreamArn: arn, ...(from ? { ExclusiveStartShardId: from } : {}) }),
    );
    for (const { ShardId, ParentShardId } of StreamDescription?.Shards ?? []) {
      if (ShardId) shards.push({ id: ShardId, parent: ParentShardId });
    }
    from = StreamDescription?.LastEvaluatedShardId;
  } while (from);
  const known = new Set(shards.map(({ id }) => id));
  const ordered = new Map<string, Shard>();
  while (ordered.size < shards.length) {
    const next = shards.filter(
      ({ id, parent }) => !ordered.has(id) && (!parent || !known.has(parent) || ordered.has(parent)),
    );
    if (next.length === 0) break;
    for (const shard of next) ordered.set(shard.id, shard);
  }
  return [...ordered.values()];
}

export async function getShardIterator(
  client: DynamoDBStreamsClient,
  arn: string,
  shardId: string,
  start: ShardStart,
): Promise<string | undefined> {
  const where =
    typeof start === 'string'
      ? { ShardIteratorType: start }
      : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, SequenceNumber: start.after };
  try {
    const command = new GetShardIteratorCommand({ StreamArn: arn, ShardId: shardId, ...where });
    return (await client.send(command)).ShardIterator;
  } catch (error) {
    // The stream has trimmed the record. Continue with the oldest remaining one.
    if ((error as Error).name !== 'TrimmedDataAccessException' || start === 'TRIM_HORIZON') throw error;
    return getShardIterator(client, arn, shardId, 'TRIM_HORIZON');
  }
}

/** The next records of a shard; no `next` when the shard is closed and read to its end. */
export async function getRecords(
  client: DynamoDBStreamsClient,
  arn: string,
  iterator: string,
  limit: number,
): Promise<{ records: DynamodbRecord[]; next: string | undefined }> {
  const answer = await client.send(
    new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, 1000) }),
  );
  return {
    records: (answer.Records ?? []).map((record) => toDynamodbRecord(record, arn)),
    next: answer.NextShardIterator,
  };
}
