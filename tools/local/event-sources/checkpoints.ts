import { jsonFile } from '#tools/local/json-file.ts';

/** How far each reader of a stream has read each shard; stays with the data directory. */
export interface Checkpoints {
  get(reader: string, shardId: string): string | undefined;
  set(reader: string, shardId: string, sequenceNumber: string): void;
}

export function createCheckpoints(dataDir: string | undefined): Checkpoints {
  const file = jsonFile<Record<string, string>>(dataDir, 'stream-positions.json', {});
  const positions = { ...file.value };
  return {
    get: (reader, shardId) => positions[`${reader} ${shardId}`],
    set(reader, shardId, sequenceNumber) {
      positions[`${reader} ${shardId}`] = sequenceNumber;
      file.save(positions);
    },
  };
}
