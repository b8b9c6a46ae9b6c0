import { setTimeout } from 'node:timers/promises';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { type IndexTables, indexBatch } from '#core/contacts/indexing/index.ts';
import {
  findStreamArn,
  getRecords,
  getShardIterator,
  listShards,
} from '#tools/local/event-sources/dynamodb-shards.ts';
import type { FreshTables } from './tables.ts';

/** Maintains the indexes from the stream of the contacts, as the deployed indexer does, until it is stopped. */
export async function startIndexer(tables: FreshTables & IndexTables) {
  const client = new DynamoDBStreamsClient({ endpoint: tables.endpoint, region: 'eu-central-1' });
  const arn = await findStreamArn(client, tables.contacts);
  const iterators = new Map<string, string | undefined>();
  let stopped = false;
  let idleRounds = 0;

  async function round(): Promise<number> {
    for (const { id } of await listShards(client, arn)) {
      if (!iterators.has(id)) iterators.set(id, await getShardIterator(client, arn, id, 'TRIM_HORIZON'));
    }
    let read = 0;
    for (const [id, iterator] of iterators) {
      if (!iterator) continue;
      const { records, next } = await getRecords(client, arn, iterator, 100);
      iterators.set(id, next);
      read += records.length;
      const failures = await indexBatch(tables, records as unknown as DynamoDBRecord[]);
      if (failures.length > 0) throw failures[0]?.error;
    }
    return read;
  }

  const running = (async () => {
    while (!stopped) {
      idleRounds = (await round()) === 0 ? idleRounds + 1 : 0;
      await setTimeout(10);
    }
  })();

  return {
    /** Resolves when no record has arrived for a while. */
    async drained(): Promise<void> {
      idleRounds = 0;
      while (idleRounds < 5) await Promise.race([setTimeout(20), running]);
    },
    async stop(): Promise<void> {
      stopped = true;
      await running;
      client.destroy();
    },
  };
}
