import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import type { FunctionHost } from '#tools/local/lambda/function-host.ts';
import { createFailureRecord, deliverWithRetries } from './delivery.ts';
import { type DynamodbRecord, isNoopUpdate } from './dynamodb-record.ts';
import { findStreamArn, getRecords, getShardIterator, listShards, type Shard } from './dynamodb-shards.ts';
import { matchesEventPattern } from './event-pattern.ts';
import type { DynamodbMapping } from './mappings.ts';
import { type Checkpoints, type StreamPoller, waitBeforeRetry } from './poller.ts';

export interface DynamodbPollerOptions {
  mapping: DynamodbMapping;
  client: DynamoDBStreamsClient;
  host: FunctionHost;
  queues: DeadLetterQueues;
  checkpoints: Checkpoints;
}

const IDLE_MS = 150;
/** The number of idle rounds between two searches for new shards. */
const ROUNDS_BETWEEN_SHARD_LISTS = 40;

/** Follows one table's stream for one function. */
export function createDynamodbPoller(options: DynamodbPollerOptions): StreamPoller {
  const { mapping, client, host, queues, checkpoints } = options;
  // Each event source has its own checkpoint, because several can read one table for one function.
  const reader = [mapping.functionName, mapping.sourceName, mapping.tableName].join(' ');
  const stopping = new AbortController();
  const iterators = new Map<string, string | undefined>();
  let shards: Shard[] = [];
  const waiting: { resolve: () => void; fromRound: number }[] = [];
  let running = Promise.resolve();
  let arn = '';
  let round = 0;

  async function run(): Promise<void> {
    let sinceShards = ROUNDS_BETWEEN_SHARD_LISTS;
    while (!stopping.signal.aborted) {
      try {
        arn ||= await findStreamArn(client, mapping.tableName);
        if (++sinceShards >= ROUNDS_BETWEEN_SHARD_LISTS) {
          await findShards();
          sinceShards = 0;
        }
        round++;
        const { read, heldBack } = await readShards();
        if (read > 0) continue;
        if (!heldBack) tellWaiting();
        await delay(IDLE_MS, undefined, { signal: stopping.signal });
      } catch (error) {
        if (stopping.signal.aborted) return;
        process.stderr.write(`The stream of ${mapping.tableName} cannot be read: ${(error as Error).name}\n`);
        iterators.clear();
        sinceShards = ROUNDS_BETWEEN_SHARD_LISTS;
        await delay(1_000, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  async function findShards(): Promise<void> {
    const first = iterators.size === 0;
    shards = await listShards(client, arn);
    for (const { id } of shards) {
      if (iterators.has(id)) continue;
      const after = checkpoints.get(reader, id);
      const start = after ? { after } : first && mapping.fromLatest ? 'LATEST' : 'TRIM_HORIZON';
      iterators.set(id, await getShardIterator(client, arn, id, start));
    }
  }

  /** Reads one page of each open shard. A child waits for its parent, to keep the order of changes. */
  async function readShards(): Promise<{ read: number; heldBack: boolean }> {
    let read = 0;
    let heldBack = false;
    const unfinished = new Set<string>();
    for (const { id, parent } of shards) {
      const iterator = iterators.get(id);
      if (!iterator) continue;
      if (parent && unfinished.has(parent)) {
        unfinished.add(id);
        heldBack = true;
        continue;
      }
      const { records, next } = await getRecords(client, arn, iterator, mapping.batchSize);
      if (!(await deliverAll(records, id))) break;
      iterators.set(id, next);
      if (next) unfinished.add(id);
      read += records.length;
    }
    return { read, heldBack };
  }

  async function deliverAll(records: DynamodbRecord[], shardId: string): Promise<boolean> {
    const last = records.at(-1);
    if (!last) return true;
    const wanted = records.filter((record) => !isNoopUpdate(record) && passesFilters(record));
    if (wanted.length > 0 && !(await deliverBatch(wanted, shardId))) return false;
    checkpoints.set(reader, shardId, last.dynamodb.SequenceNumber);
    return true;
  }

  function passesFilters(record: DynamodbRecord): boolean {
    return (
      mapping.filters.length === 0 || mapping.filters.some((filter) => matchesEventPattern(filter, record))
    );
  }

  function deliverBatch(records: DynamodbRecord[], shardId: string): Promise<boolean> {
    return deliverWithRetries(records, mapping, {
      invoke: async (Records) =>
        (await host.invoke(mapping.functionName, JSON.stringify({ Records }))).outcome,
      sequenceNumberOf: ({ dynamodb }) => dynamodb.SequenceNumber,
      giveUp(lost, attempts) {
        if (!mapping.onFailureArn) return;
        const times = lost.map(({ dynamodb }) => new Date(dynamodb.ApproximateCreationDateTime * 1000));
        const [first = new Date(0)] = times;
        const place = {
          shardId,
          streamArn: arn,
          sequenceNumbers: lost.map(({ dynamodb }) => dynamodb.SequenceNumber),
          arrived: [first, times.at(-1) ?? first] as [Date, Date],
        };
        queues.send(
          mapping.onFailureArn,
          createFailureRecord('DDBStreamBatchInfo', mapping, attempts, place),
        );
      },
      pause: (attempt) => waitBeforeRetry(attempt, stopping.signal),
    });
  }

  /** A round that starts after the call and finds no records proves that everything is delivered. */
  function tellWaiting(): void {
    for (let index = waiting.length - 1; index >= 0; index--) {
      const one = waiting[index];
      if (!one || one.fromRound > round) continue;
      waiting.splice(index, 1);
      one.resolve();
    }
  }

  return {
    start() {
      running = run();
    },
    caughtUp: () => new Promise((resolve) => waiting.push({ resolve, fromRound: round + 1 })),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
