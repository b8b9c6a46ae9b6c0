import { setTimeout as delay } from 'node:timers/promises';
import { openJsonFile } from '#tools/local/json-file.ts';

/** Delivers one stream to one function. */
export interface StreamPoller {
  start(): void;
  /** Resolves when all records from before the call are delivered or their retries are exhausted. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

const RETRY_MS = { first: 100, max: 10_000 };

/** Waits before a retry, longer each time. Returns false if the stack stops. */
export async function waitBeforeRetry(attempt: number, signal: AbortSignal): Promise<boolean> {
  const wait = Math.min(RETRY_MS.first * 2 ** (attempt - 1), RETRY_MS.max);
  await delay(wait, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}

/** The checkpoint of each reader and shard. The data directory keeps it. */
export interface Checkpoints {
  get(reader: string, shardId: string): string | undefined;
  set(reader: string, shardId: string, sequenceNumber: string): void;
}

export function createCheckpoints(dataDir: string | undefined): Checkpoints {
  const file = openJsonFile<Record<string, string>>(dataDir, 'stream-positions.json', {});
  const positions = { ...file.value };
  return {
    get: (reader, shardId) => positions[`${reader} ${shardId}`],
    set(reader, shardId, sequenceNumber) {
      positions[`${reader} ${shardId}`] = sequenceNumber;
      file.save(positions);
    },
  };
}
