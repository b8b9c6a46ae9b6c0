import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Checkpoint } from '@switchboard/core/contacts/maintenance';
import { readJson, removeFile, saveJson } from './files.ts';

/** Keeps the state of a job in a file; one that cannot be read counts as none. */
export function checkpointFile(path: string): Checkpoint {
  return {
    async load() {
      return await readJson(path);
    },
    async save(state) {
      await mkdir(dirname(path), { recursive: true });
      await saveJson(path, state);
    },
    clear: () => removeFile(path),
  };
}
