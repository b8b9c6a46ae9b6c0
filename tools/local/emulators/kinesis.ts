/** A record of a data stream. */
export interface DataRecord {
  partitionKey: string;
  sequenceNumber: string;
  data: string;
  arrivedAt: Date;
}

/**
 * An emulator for a Kinesis data stream with one shard. Only this process uses it, so it has no network protocol. Records
 * wait for the first reader and are deleted when read.
 */
export interface DataStream {
  arn: string;
  put(partitionKey: string, data: string): void;
  /** Subscribes to waiting and new records. Returns a function that unsubscribes. */
  subscribe(listener: (record: DataRecord) => void): () => void;
}

/** Unread records must not fill the memory. */
const MAX_WAITING_RECORDS = 10_000;

export function createDataStream(arn: string): DataStream {
  const listeners = new Set<(record: DataRecord) => void>();
  let waiting: DataRecord[] = [];
  let count = 0;
  return {
    arn,
    put(partitionKey, data) {
      count += 1;
      const record = {
        partitionKey,
        sequenceNumber: `4959${String(count).padStart(52, '0')}`,
        data,
        arrivedAt: new Date(),
      };
      if (listeners.size === 0) waiting = [...waiting.slice(1 - MAX_WAITING_RECORDS), record];
      for (const listener of listeners) listener(record);
    },
    subscribe(listener) {
      listeners.add(listener);
      const missed = waiting;
      waiting = [];
      for (const record of missed) listener(record);
      return () => void listeners.delete(listener);
    },
  };
}
