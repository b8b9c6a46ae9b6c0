import { jsonFile } from '../json-file.ts';

/** How far each function has read each shard; stays with the data directory. */
export interface Checkpoints {
  get(functionName: string, shardId: string): string | undefined;
  set(functionName: string, shardId: string, sequenceNumber: string): void;
}

export function createCheckpoints(dataDir: string | undefined): Checkpoints {
  const file = jsonFile<Record<string, string>>(dataDir, 'stream-positions.json', {});
  const positions = { ...file.value };
  return {
    get: (functionName, shardId) => positions[`${functionName} ${shardId}`],
    set(functionName, shardId, sequenceNumber) {
      positions[`${functionName} ${shardId}`] = sequenceNumber;
      file.save(positions);
    },
  };
}
