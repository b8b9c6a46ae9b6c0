import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const SHARED_MEMORY = '/dev/shm';
const ROOM = 1024 ** 3;

/** Where an engine keeps what tests write: in memory where there is room, so that no test waits for a disk. */
export function engineFolder(): string {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    if (bavail * bsize >= ROOM) return SHARED_MEMORY;
  } catch {
    // Not every machine has it.
  }
  return tmpdir();
}
