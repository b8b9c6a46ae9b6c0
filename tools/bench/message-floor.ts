// The floor of the benchmarks of messages: a bare conditional PutItem with the size of a message.
import { randomUUID } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

/** The input of a measuring process. */
export interface MessageBenchSettings {
  endpoint: string;
  table: string;
  from: string;
  recipients: string[];
}

export const CONTENT = 'Your order is ready. Come and see us between nine and five, we look forward to you. ';

/** Repeats some work, and returns the milliseconds it took. */
export async function measureMs(
  calls: number,
  concurrency: number,
  work: (call: number) => Promise<void>,
): Promise<number> {
  let next = 0;
  const started = performance.now();
  const worker = async () => {
    while (next < calls) {
      next += 1;
      await work(next);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return performance.now() - started;
}

/** Writes an item that has the size of a message and is in the index. */
export function createBarePut({ endpoint, table, from }: MessageBenchSettings): () => Promise<void> {
  const client = new DynamoDBClient({ endpoint });
  return async function putBare() {
    const id = randomUUID();
    const Item = {
      pk: { S: `BARE#${id}${id.slice(0, 8)}` },
      sk: { S: `MESSAGE#${id.slice(0, 26)}` },
      gsi1pk: { S: `DUE#${id.charCodeAt(0) % 8}` },
      gsi1sk: { S: `2026-01-01T00:00:00.000Z#${id}` },
      state: { S: 'ACCEPTED' },
      dueAt: { S: '2026-01-01T00:00:00.000Z' },
      acceptedAt: { S: '2026-01-01T00:00:00.000Z' },
      from: { S: from },
      origin: { S: 'api' },
      encoding: { S: 'GSM-7' },
      segments: { N: '1' },
      attempts: { N: '0' },
      ttl: { N: '1800000000' },
      blob: { B: Buffer.alloc(CONTENT.length + 80, id) },
    };
    await client.send(
      new PutItemCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  };
}
